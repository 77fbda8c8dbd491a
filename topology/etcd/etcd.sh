#!/bin/bash
# The v2 API is on because Patroni 3.0.2 is safe with its v2 driver only (topology/README.md, "Why etcd v2").
# max-wals and max-snapshots are small because the data is in memory: each WAL file takes 64 MB as soon as it is made.
exec etcd \
  --name etcd \
  --data-dir /data/etcd \
  --enable-v2=true \
  --listen-client-urls http://0.0.0.0:2379 \
  --advertise-client-urls http://etcd:2379 \
  --listen-peer-urls http://127.0.0.1:2380 \
  --initial-advertise-peer-urls http://127.0.0.1:2380 \
  --initial-cluster etcd=http://127.0.0.1:2380 \
  --heartbeat-interval 100 \
  --election-timeout 1000 \
  --snapshot-count 10000 \
  --max-wals 1 \
  --max-snapshots 1 \
  --logger zap \
  --log-level warn
