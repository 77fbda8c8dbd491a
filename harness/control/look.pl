# What faults leave in containers, as the host's kernel tells it: a line each, its words parted by tabs, the first of them
# the process that stands for the container. Arguments: Redis' own configuration file, then a main process of each
# container, by the host's numbers.
use strict;

my ($configuration, @mains) = @ARGV;

sub text_of {
  my ($path) = @_;
  open(my $file, '<', $path) or return '';
  local $/;
  return <$file> // '';
}

sub found {
  print join("\t", @_), "\n";
}

# Rules carry a mark; queues of the kernel's that only faults set need none.
sub network {
  my ($main) = @_;
  my $table = '';
  for (`nsenter -t $main -n iptables-save 2>/dev/null`) {
    $table = $1 if /^\*(\S+)/;
    found($main, 'rule', $table, $1) if /^-A (.*chaos:.*)/;
  }
  for (`nsenter -t $main -n tc qdisc show 2>/dev/null`) {
    found($main, 'queue', $1) if /^qdisc (?:netem|tbf|prio) .* dev (\S+) root/;
  }
}

# The kernel's limit of the writes a second to a disk: cgroup v1 has a file of it, v2 a word in one line.
sub writes {
  my ($main) = @_;
  my $groups = text_of("/proc/$main/cgroup");
  my ($v1) = $groups =~ /^\d+:blkio:(.*)$/m;
  my ($v2) = $groups =~ /^0::(.*)$/m;
  my $limits = defined $v1 ? text_of("/cgroup/blkio$v1/blkio.throttle.write_iops_device") : text_of("/cgroup$v2/io.max");
  found($main, 'write limit', $1, $2) while $limits =~ /^(\d+:\d+) (?:.*wiops=)?(\d+)(?: |$)/mg;
}

sub files {
  my ($main) = @_;
  my $root = "/proc/$main/root";
  for (split /\n/, text_of("/proc/$main/mounts")) {
    my (undef, $at, $type) = split ' ';
    next unless $type eq 'tmpfs';
    found($main, 'file', substr($_, length $root)) for glob("$root$at/.chaos-* $root$at/*/.chaos-*");
  }
}

# By its namespace of process numbers a process belongs to a container. The host's own is nobody's.
my $host = readlink('/proc/self/ns/pid');
my %main_of = map { (readlink("/proc/$_/ns/pid") // $host) => $_ } @mains;
delete $main_of{$host};

my (%processes, %marks, %few);
for my $pid (map { /(\d+)$/ } glob('/proc/[0-9]*')) {
  my $main = $main_of{readlink("/proc/$pid/ns/pid") // $host} // next;
  my %status = text_of("/proc/$pid/status") =~ /^(\w+):[ \t]*(.*)$/mg;
  my ($inner) = ($status{NSpid} // '') =~ /(\d+)$/;
  my ($score) = text_of("/proc/$pid/oom_score_adj") =~ /(-?\d+)/;
  $processes{$pid} = { main => $main, inner => $inner, name => $status{Name}, parent => $status{PPid}, score => $score };
  my ($user) = ($status{Uid} // '') =~ /^(\d+)/;
  $marks{"$main\t$1\t$user"} = 1 if text_of("/proc/$pid/environ") =~ /(?:^|\0)CHAOS_FAULT=([^\0\s]+)/;
  found($main, 'standing still', $inner, $status{Name}) if ($status{State} // '') =~ /^T/;
  my ($soft, $hard) = text_of("/proc/$pid/limits") =~ /^Max open files\s+(\S+)\s+(\S+)/m;
  # Linux itself gives 1024 at least; who asks for less asks for the hard limit too.
  $few{$main} += 1 if ($soft // '') =~ /^\d+$/ && $soft < 1024 && $soft ne $hard;
}
for (sort keys %marks) {
  my ($main, $id, $user) = split /\t/;
  found($main, 'process', $id, $user);
}
found($_, 'few files', $few{$_}) for sort keys %few;

for my $pid (sort keys %processes) {
  my ($process, $parent) = ($processes{$pid}, $processes{$processes{$pid}{parent}});
  my ($main, $name) = @{$process}{'main', 'name'};
  # The main process stands behind an init, which has the container's own score.
  my $raised = $process->{score} == 1000 && $parent && $parent->{score} < 1000;
  found($main, 'first to go', $process->{inner}) if $raised && $parent->{inner} == 1;
  # Servers work where their data is.
  my $data = readlink("/proc/$pid/cwd") // next;
  if ($name eq 'postgres' && ($parent->{name} // '') ne 'postgres') {
    for my $file (glob("/proc/$pid/cwd/*.conf")) {
      my ($base) = $file =~ m{([^/]+)$};
      found($main, 'configuration', "$data/$base", $_) for text_of($file) =~ /# chaos:(\S+)$/mg;
    }
  }
  if ($name eq 'redis-server') {
    my $rights = (stat "/proc/$pid/cwd/.")[2] // next;
    found($main, 'read-only folder', $data) unless $rights & 0200;
    my @settings = text_of("/proc/$pid/root$configuration") =~ /^\s*([\w-]+)[ \t]+(.*?)\s*$/mg;
    found($main, 'setting', splice(@settings, 0, 2)) while @settings;
  }
}
network($_), writes($_), files($_) for @mains;
