import { defineFault } from '../core/kinds/fault.ts';
import { addRules, removeRules } from '../kit/acts/firewall.ts';
import { endMarked, startMarked } from '../kit/acts/marked.ts';
import { FAILED, lookupObservers, proveLookups, RESOLVER } from '../kit/evidence/names.ts';
import { duration, targetWith } from '../kit/schema.ts';

/**
 * The port of the process that holds questions back. The kernel assigns only lower ports by itself. The port on which
 * datagrams are counted is that high for the same reason.
 */
const PORT = 61_753;
/** Milliseconds. A look-up that takes longer counts as failed. */
const LONGEST_MS = 2_500;

/** Prints the port on which the engine's resolver really listens. The container sees it as port 53. */
const BEHIND = `iptables -w 2 -t nat -S DOCKER_OUTPUT | sed -n 's/.*-p udp .*--to-destination ${RESOLVER}:\\([0-9]*\\).*/\\1/p'`;

/** Holds each question back, then asks it on the engine's real port and passes the answer on. Every Debian has perl. */
const FORWARDER = `
use IO::Socket::INET;
my ($ms, $port, $behind) = @ARGV;
$SIG{CHLD} = 'IGNORE';
my $near = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => $port, Proto => 'udp') or die;
while (defined(my $asker = $near->recv(my $question, 65535))) {
  next if fork;
  select undef, undef, undef, $ms / 1000;
  my $far = IO::Socket::INET->new(PeerAddr => '${RESOLVER}', PeerPort => $behind, Proto => 'udp') or exit;
  $far->send($question);
  my ($ready, $answer) = ('', '');
  vec($ready, fileno $far, 1) = 1;
  select($ready, undef, undef, 5) and defined $far->recv($answer, 65535) and $near->send($answer, 0, $asker);
  exit;
}`;

export default defineFault({
  name: 'dns_delay',
  summary: 'Delays the answer to every name look-up of containers.',
  params: targetWith({
    delay: duration.refine((ms) => ms >= 1 && ms <= LONGEST_MS, { error: `write 1ms to ${LONGEST_MS}ms` }),
  }),
  example: { service: 'app', replica: 1, delay: '500ms' },
  requires: ['packets'],
  aims: (target) => ({ target }),
  undoes: () => 'delete the rule in the network of the container, and end the process that holds questions back',
  observers: (target, spec) => lookupObservers(spec, target),
  async inject({ id, params, topology, random, undo }) {
    const hit = await topology.containers.resolve(params, random);
    const redirected = ['-d', RESOLVER, '-p', 'udp', '--dport', '53', '-j', 'REDIRECT', '--to-ports', String(PORT)];
    for (const { name } of hit) {
      const behind = await topology.ask({ beside: name, run: ['sh', '-c', BEHIND] });
      await undo({ do: 'command', command: endMarked(name, id) });
      await topology.act(
        startMarked(name, id, 1, ['perl', '-e', FORWARDER, String(params.delay), String(PORT), behind]),
      );
      // This step is undone first: no question is ever redirected to a port where nobody listens.
      await undo({ do: 'command', command: removeRules(name, id) });
      await topology.act(addRules(name, id, [{ table: 'nat', chain: 'OUTPUT', first: true, words: redirected }]));
    }
    return hit.map((container) => container.name);
  },
  prove: (record, { delay }) =>
    proveLookups(record, `took ${delay * 0.8} ms or more`, (ms) => ms !== FAILED && ms >= delay * 0.8),
});
