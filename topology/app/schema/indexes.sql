-- Indexes are added after the data: to build an index once is far cheaper than to update it for every row.
alter table vendors add primary key (id);
alter table couples add primary key (id);
alter table weddings add primary key (id);
alter table timeline_items add primary key (id);
alter table tasks add primary key (id);
alter table forms add primary key (id);
alter table form_submissions add primary key (id);
alter table photos add primary key (id);
alter table messages add primary key (id);
alter table payments add primary key (id);
alter table invoices add primary key (id);
alter table idempotency_keys add primary key (key);
alter table outbox add primary key (id);
alter table seed_marks add primary key (table_name);
-- Nothing looks for these rows by id. Each index costs every write of its table, so their keys are those that are used.
alter table timeline_changes add primary key (item_id, version);
alter table task_changes add primary key (task_id, version);
alter table job_effects add primary key (idempotency_key);

-- A vendor's weddings by date: dashboard, clients, upcoming.
create index on weddings (vendor_id, held_on, id);
-- The dashboard's counts, and the lists of a wedding. What a write changes is in none of these indexes: so an update of
-- an item or a task writes to no index. (A partial index of the open tasks saved the dashboard 14 of 69 pages and nothing
-- that could be measured in time, and two of three updates of tasks wrote to all indexes.) A wedding's few timeline items
-- are sorted when they are read.
create index on tasks (wedding_id, due_on, id);
create index on timeline_items (wedding_id);
create index on form_submissions (couple_id);
create index on photos (wedding_id, id);
create index on messages (wedding_id, id);
-- Jobs by key: the worker deletes an outbox row when its effect is stored.
create index on outbox (idempotency_key);
-- The relay claims jobs in this order, and counts what is claimed.
create index on outbox (claimed_until, id);

-- Rows by the request that made them, for support and for the audit of writes after a run. These indexes are not
-- unique: the table idempotency_keys prevents duplicates, in the same transaction. So a service with IDEMPOTENCY=off
-- shows its duplicates.
create index on form_submissions (idempotency_key);
create index on photos (idempotency_key) where idempotency_key is not null;
create index on timeline_changes (idempotency_key);
create index on task_changes (idempotency_key);
create index on messages (idempotency_key);
create index on payments (idempotency_key) where idempotency_key is not null;
create index on invoices (idempotency_key) where idempotency_key is not null;

alter table weddings add foreign key (couple_id) references couples, add foreign key (vendor_id) references vendors;
alter table forms add foreign key (couple_id) references couples;
alter table timeline_items add foreign key (wedding_id) references weddings;
alter table tasks add foreign key (wedding_id) references weddings;
alter table timeline_changes add foreign key (item_id) references timeline_items;
alter table task_changes add foreign key (task_id) references tasks;
alter table form_submissions add foreign key (form_id) references forms, add foreign key (couple_id) references couples;
alter table photos add foreign key (wedding_id) references weddings;
alter table messages add foreign key (wedding_id) references weddings;
alter table payments add foreign key (wedding_id) references weddings;
alter table invoices add foreign key (wedding_id) references weddings;
