import type { Command } from '../../core/topology/command.ts';

/** Where a helper with the rights of the engine's host finds the host's files (read-only) and the cgroup files. */
const HOST = '/host';
const CGROUPS = '/cgroup';
/** cgroup v1 has a file for each kind of limit. v2 has one file for all. */
const V1 = `${CGROUPS}/blkio`;
const V1_FILE = 'blkio.throttle.write_iops_device';

/** Exits with 0 when the kernel can limit the writes of a cgroup. */
export const HAS_WRITE_LIMIT = [
  'sh',
  '-c',
  `test -e ${V1}/${V1_FILE} || grep -qw io ${CGROUPS}/cgroup.controllers`,
] as const;

/** Sets `group` to the file with the limit of the container's cgroup. */
const GROUP = `
if [ -e ${V1}/${V1_FILE} ]; then
  group=${V1}$(sed -n 's/^[0-9]*:blkio:\\(.*\\)/\\1/p' /proc/$PID/cgroup)/${V1_FILE}
else
  group=${CGROUPS}$(sed -n 's/^0::\\(.*\\)/\\1/p' /proc/$PID/cgroup)/io.max
fi`;

/**
 * Prints the disk under a folder of the container and the limit that is set: "254:0 0", 0 for none. For an overlay,
 * that is the disk of the upper layer. For a partition, it is the whole disk.
 */
const LOOK = `set -e
disk=$(stat -c '%Hd:%Ld' "/proc/$PID/root$1")
case $disk in 0:*)
  upper=$(sed -n 's|.* / / .*upperdir=\\([^,]*\\).*|\\1|p' /proc/$PID/mountinfo)
  disk=$(stat -c '%Hd:%Ld' "${HOST}$upper") ;;
esac
case $disk in 0:*) echo "$1 is not on a disk" >&2; exit 3 ;; esac
if [ -e "/sys/dev/block/$disk/partition" ]; then disk=$(cat "$(readlink -f "/sys/dev/block/$disk")/../dev"); fi
${GROUP}
limit=$(sed -n "s/^$disk \\([0-9][0-9]*\\)$/\\1/p; s/^$disk .*wiops=\\([0-9]*\\).*/\\1/p" "$group")
echo "$disk \${limit:-0}"`;

/** Harmless when it runs twice. Harmless when the container is not running: then its cgroup is gone too. */
const SET = `set -e
[ "$PID" != 0 ] || exit 0
${GROUP}
case $group in
  */io.max) if [ "$2" = 0 ]; then echo "$1 wiops=max"; else echo "$1 wiops=$2"; fi > "$group" ;;
  *) echo "$1 $2" > "$group" ;;
esac`;

/** The disk under a folder of a container, and how many writes a second the container may make to it. 0: no limit. */
export interface WriteLimit {
  /** "254:0" */
  readonly disk: string;
  readonly perSecond: number;
}

export const lookAtWriteLimit = (container: string, folder: string): Command => ({
  outside: container,
  run: ['sh', '-c', LOOK, 'look-at-write-limit', folder],
});

/** Parses what `lookAtWriteLimit` printed. */
export function parseWriteLimit(text: string): WriteLimit {
  const [disk = '', limit] = text.trim().split(' ');
  return { disk, perSecond: Number(limit) };
}

export const setWriteLimit = (container: string, { disk, perSecond }: WriteLimit): Command => ({
  outside: container,
  run: ['sh', '-c', SET, 'set-write-limit', disk, String(perSecond)],
});
