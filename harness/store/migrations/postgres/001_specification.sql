-- The five tables of the specification (WS-321, "Database Schema (Performance Monitoring)"), word for word.

-- Performance Metrics table
CREATE TABLE IF NOT EXISTS performance_metrics (
  id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
  metric_type VARCHAR(50) NOT NULL, -- 'response_time', 'throughput', 'error_rate'
  service_name VARCHAR(100) NOT NULL,
  endpoint VARCHAR(255),
  metric_value DECIMAL(10,3) NOT NULL,
  unit VARCHAR(20) NOT NULL, -- 'ms', 'rps', 'percent'
  timestamp TIMESTAMP WITH TIME ZONE DEFAULT NOW(),
  metadata JSONB DEFAULT '{}'
);

-- System Resource Usage table
CREATE TABLE IF NOT EXISTS system_resources (
  id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
  server_id VARCHAR(100) NOT NULL,
  cpu_usage_percent DECIMAL(5,2),
  memory_usage_percent DECIMAL(5,2),
  disk_usage_percent DECIMAL(5,2),
  network_io_bytes_per_sec BIGINT,
  active_connections INTEGER,
  timestamp TIMESTAMP WITH TIME ZONE DEFAULT NOW()
);

-- Cache Performance table
CREATE TABLE IF NOT EXISTS cache_performance (
  id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
  cache_type VARCHAR(50) NOT NULL, -- 'redis', 'application', 'cdn'
  cache_key_pattern VARCHAR(200),
  hit_rate DECIMAL(5,2),
  miss_rate DECIMAL(5,2),
  eviction_rate DECIMAL(5,2),
  average_response_time_ms DECIMAL(8,3),
  timestamp TIMESTAMP WITH TIME ZONE DEFAULT NOW()
);

-- Load Test Results table
CREATE TABLE IF NOT EXISTS load_test_results (
  id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
  test_name VARCHAR(100) NOT NULL,
  test_type VARCHAR(50) NOT NULL, -- 'stress', 'load', 'spike', 'endurance'
  virtual_users INTEGER NOT NULL,
  duration_seconds INTEGER NOT NULL,
  total_requests BIGINT NOT NULL,
  successful_requests BIGINT NOT NULL,
  failed_requests BIGINT NOT NULL,
  average_response_time_ms DECIMAL(8,3),
  p95_response_time_ms DECIMAL(8,3),
  p99_response_time_ms DECIMAL(8,3),
  throughput_rps DECIMAL(10,2),
  error_rate_percent DECIMAL(5,2),
  started_at TIMESTAMP WITH TIME ZONE NOT NULL,
  completed_at TIMESTAMP WITH TIME ZONE NOT NULL
);

-- Auto Scaling Events table
CREATE TABLE IF NOT EXISTS auto_scaling_events (
  id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
  scaling_group VARCHAR(100) NOT NULL,
  scaling_action VARCHAR(20) NOT NULL, -- 'scale_up', 'scale_down'
  previous_capacity INTEGER NOT NULL,
  new_capacity INTEGER NOT NULL,
  trigger_metric VARCHAR(50) NOT NULL,
  trigger_value DECIMAL(10,2) NOT NULL,
  threshold_value DECIMAL(10,2) NOT NULL,
  timestamp TIMESTAMP WITH TIME ZONE DEFAULT NOW()
);
