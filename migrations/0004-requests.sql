-- Which task a request has made: a client that lost the answer asks again with the same request id and gets that task.
CREATE TABLE task_request (
  request_id TEXT PRIMARY KEY,
  task_id INTEGER NOT NULL REFERENCES task (id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- Which one goes with this task?
CREATE INDEX task_request_task ON task_request (task_id);
