-- The tables of migrations/postgres, as near as SQLite comes to them: the same columns with the same names of types. SQLite
-- does not hold a column to its type, so checks do. An id is a version 4 UUID. A time is ISO 8601 in UTC.

CREATE TABLE runs (
  run TEXT NOT NULL PRIMARY KEY,
  title TEXT NOT NULL,
  verdict TEXT NOT NULL,
  started TIMESTAMP WITH TIME ZONE NOT NULL CHECK (datetime(started) IS NOT NULL),
  ended TIMESTAMP WITH TIME ZONE NOT NULL CHECK (datetime(ended) IS NOT NULL),
  dir TEXT NOT NULL,
  document JSONB NOT NULL CHECK (json_valid(document))
);

CREATE TABLE performance_metrics (
  id UUID NOT NULL PRIMARY KEY DEFAULT (lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-'
    || substr('89ab', 1 + (random() & 3), 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))),
  metric_type VARCHAR(50) NOT NULL CHECK (length(metric_type) <= 50),
  service_name VARCHAR(100) NOT NULL CHECK (length(service_name) <= 100),
  endpoint VARCHAR(255) CHECK (length(endpoint) <= 255),
  metric_value DECIMAL(10,3) NOT NULL CHECK (abs(metric_value) < 1e7),
  unit VARCHAR(20) NOT NULL CHECK (length(unit) <= 20),
  timestamp TIMESTAMP WITH TIME ZONE DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')) CHECK (timestamp IS NULL OR datetime(timestamp) IS NOT NULL),
  metadata JSONB DEFAULT '{}' CHECK (json_valid(metadata)),
  run_id TEXT NOT NULL REFERENCES runs (run) ON DELETE CASCADE
);

CREATE TABLE system_resources (
  id UUID NOT NULL PRIMARY KEY DEFAULT (lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-'
    || substr('89ab', 1 + (random() & 3), 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))),
  server_id VARCHAR(100) NOT NULL CHECK (length(server_id) <= 100),
  cpu_usage_percent DECIMAL(5,2) CHECK (abs(cpu_usage_percent) < 1e3),
  memory_usage_percent DECIMAL(5,2) CHECK (abs(memory_usage_percent) < 1e3),
  disk_usage_percent DECIMAL(5,2) CHECK (abs(disk_usage_percent) < 1e3),
  network_io_bytes_per_sec BIGINT CHECK (typeof(network_io_bytes_per_sec) IN ('integer', 'null')),
  active_connections INTEGER CHECK (active_connections BETWEEN -2147483648 AND 2147483647),
  timestamp TIMESTAMP WITH TIME ZONE DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')) CHECK (timestamp IS NULL OR datetime(timestamp) IS NOT NULL),
  run_id TEXT NOT NULL REFERENCES runs (run) ON DELETE CASCADE
);

CREATE TABLE cache_performance (
  id UUID NOT NULL PRIMARY KEY DEFAULT (lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-'
    || substr('89ab', 1 + (random() & 3), 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))),
  cache_type VARCHAR(50) NOT NULL CHECK (length(cache_type) <= 50),
  cache_key_pattern VARCHAR(200) CHECK (length(cache_key_pattern) <= 200),
  hit_rate DECIMAL(5,2) CHECK (abs(hit_rate) < 1e3),
  miss_rate DECIMAL(5,2) CHECK (abs(miss_rate) < 1e3),
  eviction_rate DECIMAL(5,2) CHECK (abs(eviction_rate) < 1e3),
  average_response_time_ms DECIMAL(8,3) CHECK (abs(average_response_time_ms) < 1e5),
  timestamp TIMESTAMP WITH TIME ZONE DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')) CHECK (timestamp IS NULL OR datetime(timestamp) IS NOT NULL),
  run_id TEXT NOT NULL REFERENCES runs (run) ON DELETE CASCADE
);

CREATE TABLE load_test_results (
  id UUID NOT NULL PRIMARY KEY DEFAULT (lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-'
    || substr('89ab', 1 + (random() & 3), 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))),
  test_name VARCHAR(100) NOT NULL CHECK (length(test_name) <= 100),
  test_type VARCHAR(50) NOT NULL CHECK (length(test_type) <= 50),
  virtual_users INTEGER NOT NULL CHECK (virtual_users BETWEEN -2147483648 AND 2147483647),
  duration_seconds INTEGER NOT NULL CHECK (duration_seconds BETWEEN -2147483648 AND 2147483647),
  total_requests BIGINT NOT NULL CHECK (typeof(total_requests) IN ('integer', 'null')),
  successful_requests BIGINT NOT NULL CHECK (typeof(successful_requests) IN ('integer', 'null')),
  failed_requests BIGINT NOT NULL CHECK (typeof(failed_requests) IN ('integer', 'null')),
  average_response_time_ms DECIMAL(8,3) CHECK (abs(average_response_time_ms) < 1e5),
  p95_response_time_ms DECIMAL(8,3) CHECK (abs(p95_response_time_ms) < 1e5),
  p99_response_time_ms DECIMAL(8,3) CHECK (abs(p99_response_time_ms) < 1e5),
  throughput_rps DECIMAL(10,2) CHECK (abs(throughput_rps) < 1e8),
  error_rate_percent DECIMAL(5,2) CHECK (abs(error_rate_percent) < 1e3),
  started_at TIMESTAMP WITH TIME ZONE NOT NULL CHECK (started_at IS NULL OR datetime(started_at) IS NOT NULL),
  completed_at TIMESTAMP WITH TIME ZONE NOT NULL CHECK (completed_at IS NULL OR datetime(completed_at) IS NOT NULL),
  run_id TEXT NOT NULL REFERENCES runs (run) ON DELETE CASCADE
);

CREATE TABLE auto_scaling_events (
  id UUID NOT NULL PRIMARY KEY DEFAULT (lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-'
    || substr('89ab', 1 + (random() & 3), 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))),
  scaling_group VARCHAR(100) NOT NULL CHECK (length(scaling_group) <= 100),
  scaling_action VARCHAR(20) NOT NULL CHECK (length(scaling_action) <= 20),
  previous_capacity INTEGER NOT NULL CHECK (previous_capacity BETWEEN -2147483648 AND 2147483647),
  new_capacity INTEGER NOT NULL CHECK (new_capacity BETWEEN -2147483648 AND 2147483647),
  trigger_metric VARCHAR(50) NOT NULL CHECK (length(trigger_metric) <= 50),
  trigger_value DECIMAL(10,2) NOT NULL CHECK (abs(trigger_value) < 1e8),
  threshold_value DECIMAL(10,2) NOT NULL CHECK (abs(threshold_value) < 1e8),
  timestamp TIMESTAMP WITH TIME ZONE DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')) CHECK (timestamp IS NULL OR datetime(timestamp) IS NOT NULL),
  run_id TEXT NOT NULL REFERENCES runs (run) ON DELETE CASCADE
);

CREATE INDEX performance_metrics_run_id ON performance_metrics (run_id);
CREATE INDEX system_resources_run_id ON system_resources (run_id);
CREATE INDEX cache_performance_run_id ON cache_performance (run_id);
CREATE INDEX load_test_results_run_id ON load_test_results (run_id);
CREATE INDEX auto_scaling_events_run_id ON auto_scaling_events (run_id);
