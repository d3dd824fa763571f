// The doctor's judgement of what surrounds us: kernel, cgroups, Docker, clock, GPU, Node.

import type { Finding } from '../../contracts/doctor.ts';
import type { CgroupFact, DockerFact, Facts, GpuFact, PoolFact } from './facts.ts';

/** Pressure files came with 4.20; 5.4 is the oldest that a supported distribution still has. */
export function judgeKernel(release: string): Finding {
  const name = 'kernel';
  const [major = 0, minor = 0] = release.split('.').map((part) => Number.parseInt(part, 10));
  if (Number.isNaN(major) || major === 0) return { name, state: 'unknown', says: release };
  if (major > 5 || (major === 5 && minor >= 4)) return { name, state: 'ok', says: release };
  return {
    name,
    state: 'warn',
    says: release,
    fix: 'Use a kernel from 5.4 on; without it pressure and some counters are missing.',
  };
}

export function judgeCgroup({ version, controllers }: CgroupFact): Finding {
  const name = 'cgroups';
  const says = version === 'none' ? 'not mounted' : `${version} with ${controllers.join(', ') || 'no controllers'}`;
  if (version === 'none') {
    return { name, state: 'warn', says, fix: 'Mount /sys/fs/cgroup; until then containers have no numbers.' };
  }
  const missing = ['cpu', 'memory', 'pids'].filter((controller) => !controllers.includes(controller));
  if (missing.length > 0) {
    return {
      name,
      state: 'warn',
      says,
      fix: `Enable ${missing.join(', ')} (kernel command line: cgroup_enable=memory); those numbers are missing.`,
    };
  }
  if (version === 'v1') {
    return {
      name,
      state: 'warn',
      says,
      fix: 'Works; only containers have no pressure. Boot with systemd.unified_cgroup_hierarchy=1 for v2.',
    };
  }
  return { name, state: 'ok', says };
}

const oldestEngineMajor = 24;

export function judgeDocker(docker: DockerFact): Finding[] {
  const name = 'docker';
  if (docker.kind === 'absent') {
    return [
      {
        name,
        state: 'warn',
        says: 'no engine found',
        fix: 'Install Docker for containers and deployments; everything else works without.',
      },
    ];
  }
  if (docker.kind === 'refused') {
    return [
      {
        name,
        state: 'warn',
        says: docker.reason,
        fix: 'Start the engine, or let this user reach its socket (usermod -aG docker USER, then log in again).',
      },
    ];
  }
  const says = `engine ${docker.version}`;
  const major = Number.parseInt(docker.version, 10);
  const engine: Finding =
    major >= oldestEngineMajor
      ? { name, state: 'ok', says }
      : { name, state: 'warn', says, fix: `Use Docker ${oldestEngineMajor} or newer; older ones are not tested.` };
  return [engine, judgeLogRotation(docker), ...(docker.pools ?? []).map(judgePool)];
}

/** Networks of environments do not reach each other; but a packet to another's address would leave the host by its default route. */
function judgePool({ pool, refused }: PoolFact): Finding {
  const name = `pool ${pool}`;
  if (refused === undefined) return { name, state: 'unknown', says: 'the routes of this host cannot be read' };
  if (refused) return { name, state: 'ok', says: 'packets between environments do not leave this host' };
  return {
    name,
    state: 'warn',
    says: 'packets from one environment to another’s addresses leave this host by its default route',
    fix: `As root, here and on every node: ip route add unreachable ${pool} (and again at each boot).`,
  };
}

function judgeLogRotation({ logDriver, logsRotate }: Extract<DockerFact, { kind: 'engine' }>): Finding {
  const name = 'docker logs';
  if (logDriver === undefined) return { name, state: 'unknown', says: 'the engine does not say its log driver' };
  if (logDriver !== 'json-file') return { name, state: 'ok', says: `${logDriver} keeps itself small` };
  if (logsRotate === undefined) return { name, state: 'unknown', says: '/etc/docker/daemon.json cannot be read' };
  if (logsRotate) return { name, state: 'ok', says: 'json-file with max-size' };
  return {
    name,
    state: 'warn',
    says: 'json-file without max-size: logs of containers grow until the disk is full',
    fix: 'In /etc/docker/daemon.json: {"log-opts": {"max-size": "10m", "max-file": "3"}}, then restart Docker; it holds for new containers.',
  };
}

export function judgeTimeSync({ state, by }: Facts['timeSync']): Finding {
  const name = 'time';
  if (state === 'yes') return { name, state: 'ok', says: `synchronised by ${by ?? 'the system'}` };
  if (state === 'unknown')
    return {
      name,
      state: 'unknown',
      says: 'nothing here says whether the clock is synchronised',
      fix: 'Install chrony, or switch systemd-timesyncd on with timedatectl set-ntp true; a container has the clock of its host.',
    };
  return {
    name,
    state: 'warn',
    says: 'the clock is not synchronised',
    fix: 'timedatectl set-ntp true, or install chrony.',
  };
}

export function judgeGpu(gpu: GpuFact): Finding {
  const name = 'gpu';
  if (gpu.kind === 'none') return { name, state: 'ok', says: 'none' };
  if (gpu.kind === 'no-driver') {
    return {
      name,
      state: 'warn',
      says: 'an NVIDIA card without nvidia-smi',
      fix: "Install NVIDIA's driver for GPU metrics.",
    };
  }
  if (gpu.kind === 'elsewhere') {
    return {
      name,
      state: 'unknown',
      says: 'an NVIDIA card that this container does not see',
      fix: 'docker compose --profile gpu up -d starts a collector that sees it; its figures then stand under GPUs.',
    };
  }
  if (gpu.kind === 'silent') {
    return {
      name,
      state: 'warn',
      says: `nvidia-smi: ${gpu.reason}`,
      fix: 'Look at dmesg for NVRM and Xid lines; reload the driver or reboot.',
    };
  }
  return { name, state: 'ok', says: gpu.names.join(', ') };
}

export function judgeNode(version: string): Finding {
  const name = 'node';
  const major = Number.parseInt(version.replace(/^v/, ''), 10);
  if (major >= 26) return { name, state: 'ok', says: version };
  return {
    name,
    state: 'warn',
    says: version,
    fix: 'The pinned Node 26 is not in use; Odyssey is tested with that one.',
  };
}
