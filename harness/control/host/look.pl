# Prints what faults left in containers, and every value that a fault can change, as the host's kernel knows both. Each
# finding and each value is one line, with tabs between its fields. The first field is the number of the container's
# main process on the host. The second field is the kind of the finding, or "value"; then the name and the text of the
# value follow. Arguments: the path of Redis' own configuration file ('' for none), the path of the certificate that
# faults may replace ('' for none), then the number of the main process of each container on the host.
use strict;

my ($configuration, $certificate, @mains) = @ARGV;

sub text_of {
  my ($path) = @_;
  open(my $file, '<', $path) or return '';
  local $/;
  return <$file> // '';
}

sub found {
  print join("\t", @_), "\n";
}

sub value {
  my ($main, $name, $text) = @_;
  $text =~ s/\s+/ /g;
  found($main, 'value', $name, $text);
}

# Rules of faults carry the mark "chaos:". Only faults set these kinds of queue, so queues need no mark. The engine's
# own name server listens on other ports each time the container starts, so the values of rules leave these ports out. A
# device that is attached again has another name, so the value of the queues leaves out the names of devices.
sub network {
  my ($main) = @_;
  my ($table, %rules, @queues) = ('');
  for (`nsenter -t $main -n iptables-save 2>/dev/null`) {
    $table = $1 if /^\*(\S+)/;
    found($main, 'rule', $table, $1) if /^-A (.*chaos:.*)/;
    # A table of iptables appears with its first rule, and stays when that rule is gone. So a chain's usual policy
    # (ACCEPT, or none) is no value.
    value($main, "policy -t $table $1", $2) if /^:(\S+) (\S+)/ && $2 ne 'ACCEPT' && $2 ne '-';
    my $rule = s/127\.0\.0\.11:\d+/127.0.0.11:PORT/r;
    $rule =~ s/--sport \d+ (?=-j SNAT --to-source :53$)/--sport PORT /;
    $rules{"rule -t $table $1"} += 1 if $rule =~ /^(-A .*)/;
  }
  value($main, $_, "there $rules{$_} times") for sort keys %rules;
  for (`nsenter -t $main -n tc qdisc show 2>/dev/null`) {
    found($main, 'queue', $1) if /^qdisc (?:netem|tbf|prio) .* dev (\S+) root/;
    push @queues, "$1$2" if /^qdisc (\S+) \S+ dev \S+ (?:root|parent \S+)(?: refcnt \d+)?( .*?)?\s*$/;
  }
  value($main, 'queues', join(', ', sort @queues));
}

# The limits in the kernel. cgroup v1 has a folder for each kind of limit, v2 one folder for all.
my @limits = (
  [cpu => 'cpu.cfs_quota_us', 'cpu.cfs_period_us', 'cpu.shares'],
  [memory => 'memory.limit_in_bytes', 'memory.memsw.limit_in_bytes'],
  [pids => 'pids.max'],
  [cpuset => 'cpuset.cpus'],
  ['' => 'cpu.max', 'cpu.weight', 'memory.max', 'memory.swap.max', 'pids.max', 'cpuset.cpus'],
);

sub limits {
  my ($main) = @_;
  my $groups = text_of("/proc/$main/cgroup");
  for (@limits) {
    my ($kind, @files) = @$_;
    my ($group) = $kind eq '' ? $groups =~ /^0::(.*)$/m : $groups =~ /^\d+:(?:[^:]*,)?$kind(?:,[^:]*)?:(.*)$/m;
    next unless defined $group;
    for my $file (@files) {
      my $text = text_of('/cgroup' . ($kind eq '' ? '' : "/$kind") . "$group/$file");
      value($main, "limit $file", $text =~ s/\s+$//r) if $text ne '';
    }
  }
}

# The kernel's limit of writes a second to a disk. cgroup v1 has a file for it, v2 a word (wiops) in a line of io.max.
sub writes {
  my ($main) = @_;
  my $groups = text_of("/proc/$main/cgroup");
  my ($v1) = $groups =~ /^\d+:blkio:(.*)$/m;
  my ($v2) = $groups =~ /^0::(.*)$/m;
  my $limits = defined $v1 ? text_of("/cgroup/blkio$v1/blkio.throttle.write_iops_device") : text_of("/cgroup$v2/io.max");
  while ($limits =~ /^(\d+:\d+) (?:.*wiops=)?(\d+)(?: |$)/mg) {
    my ($disk, $most) = ($1, $2);
    found($main, 'write limit', $disk, $most);
    value($main, "writes a second to $disk", $most);
  }
}

sub files {
  my ($main) = @_;
  my $root = "/proc/$main/root";
  for (split /\n/, text_of("/proc/$main/mounts")) {
    my (undef, $at, $type) = split ' ';
    next unless $type eq 'tmpfs';
    for my $file (glob("$root$at/.chaos-* $root$at/*/.chaos-*")) {
      my $path = substr($file, length $root);
      found($main, 'file', $path);
      value($main, "file $path", (-s $file // 0) . ' bytes');
    }
  }
}

# The pid namespace of a process shows its container. A process in the host's own namespace belongs to no container.
my $host = readlink('/proc/self/ns/pid');
my %main_of = map { (readlink("/proc/$_/ns/pid") // $host) => $_ } @mains;
delete $main_of{$host};

# For the path of each configuration file under /proc: the main process of its container, and the file's path in there.
my %configurations;

sub configuration {
  my ($main, $path) = @_;
  my $root = "/proc/$main/root";
  my @all = ($path, $path =~ m{^(.*)/[^/]+\.conf$} ? map { substr($_, length $root) } glob("$root$1/*.conf $root$1/*/*.conf") : ());
  $configurations{"$root$_"} = [$main, $_] for grep { -f "$root$_" } @all;
}

my (%processes, %marks, %few);
for my $pid (map { /(\d+)$/ } glob('/proc/[0-9]*')) {
  my $main = $main_of{readlink("/proc/$pid/ns/pid") // $host} // next;
  my %status = text_of("/proc/$pid/status") =~ /^(\w+):[ \t]*(.*)$/mg;
  my ($inner) = ($status{NSpid} // '') =~ /(\d+)$/;
  my ($score) = text_of("/proc/$pid/oom_score_adj") =~ /(-?\d+)/;
  $processes{$pid} = { main => $main, inner => $inner, name => $status{Name}, parent => $status{PPid}, score => $score };
  $processes{$pid}{still} = ($status{State} // '') =~ /^T/;
  my ($user) = ($status{Uid} // '') =~ /^(\d+)/;
  $marks{"$main\t$1\t$user"} = 1 if text_of("/proc/$pid/environ") =~ /(?:^|\0)CHAOS_FAULT=([^\0\s]+)/;
  found($main, 'standing still', $inner, $status{Name}) if $processes{$pid}{still};
  my ($soft, $hard) = text_of("/proc/$pid/limits") =~ /^Max open files\s+(\S+)\s+(\S+)/m;
  $processes{$pid}{files} = ($soft // '') . ' of ' . ($hard // '');
  # Linux itself gives a process a soft limit of 1024 open files or more. A program that lowers its own soft limit
  # lowers its hard limit too. A fault lowers the soft limit only.
  $few{$main} += 1 if ($soft // '') =~ /^\d+$/ && $soft < 1024 && $soft ne $hard;
}
for (sort keys %marks) {
  my ($main, $id, $user) = split /\t/;
  found($main, 'process', $id, $user);
  value($main, "process of $id for user $user", 'there');
}
found($_, 'few files', $few{$_}) for sort keys %few;

# A command that the engine starts in a container, such as a health check, comes and goes. Only the processes below the
# main process are the container's own.
sub is_own {
  my ($pid) = @_;
  my $main = $processes{$pid}{main};
  $pid = $processes{$pid}{parent} while $pid != $main && $processes{$pid};
  return $pid == $main;
}

my (%still, %each);
for my $pid (grep { is_own($_) } sort keys %processes) {
  my ($main, $name) = @{$processes{$pid}}{'main', 'name'};
  push @{$still{$main}}, $name if $processes{$pid}{still};
  $each{$main}{"open files of $name"}{$processes{$pid}{files}} = 1;
  $each{$main}{"OOM score of $name"}{$processes{$pid}{score} // ''} = 1;
  configuration($main, $_) for text_of("/proc/$pid/cmdline") =~ m{(/[\w./-]+\.(?:conf|cfg|json|ya?ml|ini|toml))\b}g;
}
value($_, 'processes that stand still', join(', ', sort @{$still{$_}})) for sort keys %still;
for my $main (sort keys %each) {
  value($main, $_, join(', ', sort keys %{$each{$main}{$_}})) for sort keys %{$each{$main}};
}

for my $pid (sort keys %processes) {
  my ($process, $parent) = ($processes{$pid}, $processes{$processes{$pid}{parent}});
  my ($main, $name) = @{$process}{'main', 'name'};
  # In a container with an init, a fault raises the score of the init's child. The init keeps the container's own score.
  my $raised = $process->{score} == 1000 && $parent && $parent->{score} < 1000;
  found($main, 'first to go', $process->{inner}) if $raised && $parent->{inner} == 1;
  # A server's working directory is the folder of its data.
  my $data = readlink("/proc/$pid/cwd") // next;
  if ($name eq 'postgres' && ($parent->{name} // '') ne 'postgres') {
    for my $file (glob("/proc/$pid/cwd/*.conf")) {
      my ($base) = $file =~ m{([^/]+)$};
      found($main, 'configuration', "$data/$base", $_) for text_of($file) =~ /# chaos:(\S+)$/mg;
      $configurations{$file} = [$main, "$data/$base"];
    }
  }
  if ($name eq 'redis-server') {
    my $rights = (stat "/proc/$pid/cwd/.")[2] // next;
    found($main, 'read-only folder', $data) unless $rights & 0200;
    value($main, "rights of $data", sprintf('%o', $rights & 07777));
    configuration($main, $configuration) if $configuration ne '';
    my @settings = text_of("/proc/$pid/root$configuration") =~ /^\s*([\w-]+)[ \t]+(.*?)\s*$/mg;
    found($main, 'setting', splice(@settings, 0, 2)) while @settings;
  }
}

# A fault keeps the file from before beside the certificate that it replaced.
sub certificate {
  my ($main) = @_;
  configuration($main, $certificate);
  my @kept = glob("/proc/$main/root$certificate.chaos-*");
  found($main, 'certificate', $certificate) if @kept;
}

if ($certificate ne '') {
  certificate($_) for @mains;
}
# One md5sum makes the checksums of all files. The content of a configuration may be secret, and its checksum is not.
if (%configurations && open(my $sums, '-|', 'md5sum', '--', sort keys %configurations)) {
  while (<$sums>) {
    my ($sum, $file) = /^(\w+) [ *](.*)$/ or next;
    my ($main, $path) = @{$configurations{$file} // next};
    value($main, "file $path", $sum);
  }
}
network($_), limits($_), writes($_), files($_) for @mains;
