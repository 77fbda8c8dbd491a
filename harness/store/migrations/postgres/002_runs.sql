-- Each row of the specification's tables belongs to a run. Deleting the run deletes its rows.

CREATE TABLE runs (
  run TEXT PRIMARY KEY,
  title TEXT NOT NULL,
  verdict TEXT NOT NULL,
  started TIMESTAMP WITH TIME ZONE NOT NULL,
  ended TIMESTAMP WITH TIME ZONE NOT NULL,
  dir TEXT NOT NULL,
  document JSONB NOT NULL
);

ALTER TABLE performance_metrics ADD COLUMN run_id TEXT NOT NULL REFERENCES runs (run) ON DELETE CASCADE;
ALTER TABLE system_resources ADD COLUMN run_id TEXT NOT NULL REFERENCES runs (run) ON DELETE CASCADE;
ALTER TABLE cache_performance ADD COLUMN run_id TEXT NOT NULL REFERENCES runs (run) ON DELETE CASCADE;
ALTER TABLE load_test_results ADD COLUMN run_id TEXT NOT NULL REFERENCES runs (run) ON DELETE CASCADE;
ALTER TABLE auto_scaling_events ADD COLUMN run_id TEXT NOT NULL REFERENCES runs (run) ON DELETE CASCADE;

CREATE INDEX performance_metrics_run_id ON performance_metrics (run_id);
CREATE INDEX system_resources_run_id ON system_resources (run_id);
CREATE INDEX cache_performance_run_id ON cache_performance (run_id);
CREATE INDEX load_test_results_run_id ON load_test_results (run_id);
CREATE INDEX auto_scaling_events_run_id ON auto_scaling_events (run_id);
