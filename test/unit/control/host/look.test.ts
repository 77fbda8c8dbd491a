import { expect } from 'chai';
import { describe, it } from 'mocha';
import { readLook } from '../../../../harness/control/host/look.ts';
import { manualCommand } from '../../../../harness/core/topology/command.ts';
import { SPEC } from '../../../helpers/doubles/topology.ts';

const NAMES = new Map([
  [11, 'chaos-app-1'],
  [12, 'chaos-postgres-b-1'],
  [13, 'chaos-redis-1'],
]);
const read = (...lines: string[]) => readLook(lines.map((line) => line.replaceAll(' | ', '\t')).join('\n'), NAMES);
const named = (line: string): string[] => read(line).left.map(({ kind, target }) => `${kind}: ${target}`);
const notUndone = (line: string): string[] => read(line).left.map(({ command }) => manualCommand(command, SPEC));

describe('the audit for residue from the host', () => {
  it('names network rules and queues, with a command that runs beside the container', () => {
    const rule = '11 | rule | nat | OUTPUT -d 127.0.0.11/32 -m comment --comment "chaos:dns_delay-1" -j REDIRECT';
    expect(named(rule)).to.deep.equal([
      'network rule: OUTPUT -d 127.0.0.11/32 -m comment --comment "chaos:dns_delay-1" -j REDIRECT in chaos-app-1',
    ]);
    expect(notUndone(rule)[0])
      .to.include('--net container:chaos-app-1')
      .and.include('iptables -w 2 -t nat -D OUTPUT -d 127.0.0.11/32');
    expect(notUndone('11 | queue | eth0')[0]).to.match(/tc qdisc del dev eth0 root$/);
  });

  it('names a disk that was made slow, with the command that removes the limit', () => {
    const line = '12 | write limit | 254:0 | 20';
    expect(named(line)).to.deep.equal(['slow disk: 20 writes a second to 254:0 by chaos-postgres-b-1']);
    expect(notUndone(line)[0]).to.match(/ set-write-limit 254:0 0$/);
  });

  it('names any process with the mark of a fault, with the command that ends it by this mark', () => {
    expect(named('11 | process | cpu_burn-1 | 0')).to.deep.equal(['process of a fault: cpu_burn-1 in chaos-app-1']);
    expect(notUndone('11 | process | cpu_burn-1 | 0')[0])
      .to.match(/^docker exec -u root chaos-app-1 sh -c /)
      .and.match(/end-processes cpu_burn-1$/);
    // In this container, root may not read the marks of processes of other users.
    expect(notUndone('12 | process | table_lock-1 | 101')[0]).to.match(/^docker exec -u 101 chaos-postgres-b-1 /);
  });

  it('names processes that are stopped, lack file descriptors, or are killed first when memory runs out', () => {
    expect(named('12 | standing still | 27 | postgres')).to.deep.equal([
      'stopped process: postgres (27) in chaos-postgres-b-1',
    ]);
    expect(notUndone('12 | standing still | 27 | postgres')[0]).to.match(/ go-on$/);
    expect(named('11 | few files | 2')).to.deep.equal([
      'changed limits: 2 processes of chaos-app-1 with fewer than 1024 descriptors',
    ]);
    expect(notUndone('11 | few files | 2')[0]).to.match(/ raise-nofile$/);
    expect(named('11 | first to go | 7')).to.deep.equal(['raised OOM score: process 7 of chaos-app-1']);
  });

  it('names files and configuration lines that a fault left, and read-only folders', () => {
    expect(notUndone('12 | file | /dev/shm/.chaos-disk_full-1')).to.deep.equal([
      'docker exec -u root chaos-postgres-b-1 rm -f /dev/shm/.chaos-disk_full-1',
    ]);
    const line = '12 | configuration | /data/postgresql.base.conf | replication_lag-1';
    expect(named(line)).to.deep.equal([
      'changed setting: line of replication_lag-1 in /data/postgresql.base.conf of chaos-postgres-b-1',
    ]);
    expect(notUndone(line)[0]).to.include('# chaos:replication_lag-1$/d').and.include('pg_reload_conf');
    expect(notUndone('13 | read-only folder | /data')[0]).to.include('chmod u+w /data; redis-cli BGSAVE');
  });

  it('names a certificate that a fault replaced, with the command that gives the file back', () => {
    const line = '11 | certificate | /tls/site.pem';
    expect(named(line)).to.deep.equal(['replaced certificate: /tls/site.pem in chaos-app-1']);
    expect(notUndone(line)[0]).to.match(/ put-certificate-back \/tls\/site\.pem$/);
  });

  it("returns the settings in Redis' file apart from residue, and the last value of a setting counts", () => {
    const seen = read(
      '13 | setting | maxmemory | 256mb',
      '13 | setting | maxmemory | 512mb',
      '13 | setting | save | 60 1',
    );
    expect(seen.left).to.deep.equal([]);
    expect(seen.settings).to.deep.equal({ 'chaos-redis-1': { maxmemory: '512mb', save: '60 1' } });
  });

  it('returns every value apart from residue, by container', () => {
    const seen = read(
      '11 | value | queues | noqueue',
      '11 | value | limit cpu.max | 50000 100000',
      '13 | value | x | 1',
    );
    expect(seen.left).to.deep.equal([]);
    expect(seen.values).to.deep.equal({
      'chaos-app-1': { queues: 'noqueue', 'limit cpu.max': '50000 100000' },
      'chaos-redis-1': { x: '1' },
    });
  });

  it('ignores processes of unknown containers and lines that it does not know', () => {
    expect(read('99 | process | cpu_burn-1 | 0', '11 | surprise | 1', '').left).to.deep.equal([]);
  });
});
