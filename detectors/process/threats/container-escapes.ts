// Ways out of a container, or past it to the host: host mounts, host namespaces, the engine's socket, kernel hooks.
// Class: Falco "Launch Privileged Container", "Detect release_agent File Container Escapes"; T1611, T1610.
import type { Command } from './shell/command.ts';
import { anyArg, writes } from './shell/look.ts';
import { kernelHooks } from './shell/places.ts';
import type { Family } from './verdict/family.ts';

const engines = /^(?:docker|podman|nerdctl|ctr|crictl|docker-compose)$/;

/** A mount whose source is the whole host, in either spelling. */
function mountsHostRoot(command: Command): boolean {
  return command.args.some((arg, at) => {
    const value = /^(?:-v|--volume|--mount)$/.test(arg)
      ? (command.args[at + 1] ?? '')
      : arg.replace(/^(?:-v|--volume=|--mount=)/, '');
    return /^\/:\/?/.test(value) || /(?:source|src)=\/(?:,|$)/.test(value);
  });
}

function mountsHostSecrets(command: Command): boolean {
  return anyArg(command, /^(?:-v|--volume=)?\/(?:etc|root|boot|proc|dev|var\/lib\/kubelet|home)?\/?:\//);
}

const runs = (command: Command): boolean => engines.test(command.name) && anyArg(command, /^(?:run|create|exec)$/);
const opensShell = /(?:^|[\s/'";&])(?:ba|z|a|da)?sh(?:$|[\s'";])|chroot/;

export const containerEscapes: Family = {
  name: 'container-escapes',
  category: 'privilege_escalation',
  rules: [
    {
      id: 'container-with-host-root',
      technique: 'T1611',
      weight: 'strong',
      reason: 'A container is started with the whole file system of the host in it.',
      when: (command) =>
        runs(command) &&
        mountsHostRoot(command) &&
        !anyArg(command, /node.?exporter|cadvisor|datadog|telegraf|netdata|:\/(?:host|rootfs)(?:\/\w+)?:ro/),
    },
    {
      id: 'shell-on-host-root',
      technique: 'T1611',
      weight: 'decisive',
      reason: 'A shell is opened on the host through a container that holds its file system.',
      when: (command) =>
        runs(command) &&
        (mountsHostRoot(command) || mountsHostSecrets(command)) &&
        /\bchroot\b|nsenter/.test(command.joined),
    },
    {
      id: 'privileged-with-host-namespaces',
      technique: 'T1611',
      weight: 'decisive',
      reason: 'A privileged container is started in the namespaces of the host, with a shell.',
      when: (command) =>
        runs(command) &&
        command.args.includes('--privileged') &&
        anyArg(command, /^--(?:pid|ipc|uts|userns)=host$/) &&
        opensShell.test(command.joined),
    },
    {
      id: 'host-namespaces-entered',
      technique: 'T1611',
      weight: 'decisive',
      reason: 'The namespaces of the first process are entered: that is the host.',
      when: ({ name, joined }) =>
        name === 'nsenter' && /(?:-t|--target)[= ]?1(?:\s|$)/.test(joined) && /-m|--mount|-a\b|--all/.test(joined),
    },
    {
      id: 'kernel-hook-written',
      technique: 'T1611',
      weight: 'decisive',
      reason: 'A hook is written by which the kernel starts a program as root.',
      when: (command) => writes(command, kernelHooks) && !/^(?:sysctl)$/.test(command.name),
    },
    {
      id: 'release-agent-mounted',
      technique: 'T1611',
      weight: 'strong',
      reason: 'A control group with a release agent is mounted from inside a container.',
      when: (command, { text }) =>
        command.name === 'mount' && anyArg(command, /^(?:cgroup|rdma|memory)$/) && /release_agent/.test(text),
    },
    {
      id: 'host-disk-mounted-in-container',
      technique: 'T1611',
      weight: 'moderate',
      reason: 'A disk of the host is given to a container or read past its file system.',
      when: (command) =>
        (runs(command) && anyArg(command, /^--device=?\/dev\/(?:sd|nvme|vd|xvd|mem)/)) ||
        (command.name === 'debugfs' && anyArg(command, /^-w$|^\/dev\//)),
    },
    {
      id: 'engine-asked-through-socket',
      technique: 'T1611',
      weight: 'strong',
      reason: 'The container engine is asked to start something directly through its socket.',
      when: ({ name, joined }) =>
        /^(?:curl|nc|socat|wget|http)$/.test(name) &&
        /(?:docker|containerd|crio|podman)\.sock/.test(joined) &&
        /containers\/create|\/exec|HostConfig|Binds|\/start/.test(joined),
    },
    {
      id: 'engine-without-authentication',
      technique: 'T1610',
      weight: 'moderate',
      reason: 'The engine of another machine is used without authentication.',
      when: ({ name, joined }) =>
        name === 'docker' && /(?:-H|--host)[= ]?(?:tcp:\/\/)?[\w.-]{1,253}:2375\b/.test(joined),
    },
    {
      id: 'privileged-pod',
      technique: 'T1611',
      weight: 'strong',
      reason: 'A pod is started with the rights or the file system of its node.',
      when: ({ name, joined }) =>
        /^(?:kubectl|oc)$/.test(name) &&
        /(?:"privileged":\s?true|"hostPID":\s?true|"hostPath":\s?\{\s?"path":\s?"\/")/.test(joined),
    },
    {
      id: 'container-on-host-with-shell',
      technique: 'T1611',
      weight: 'moderate',
      reason: 'A privileged container is started with a shell in it.',
      when: (command) =>
        runs(command) &&
        command.args.includes('run') &&
        command.args.includes('--privileged') &&
        /^(?:\/bin\/)?(?:ba|a|da)?sh$/.test(command.args.at(-1) ?? ''),
    },
    {
      id: 'lxd-host-disk',
      technique: 'T1611',
      weight: 'strong',
      reason: 'A system container is given the file system of the host or left unconfined.',
      when: ({ name, joined }) =>
        /^(?:lxc|incus)$/.test(name) &&
        (/security\.privileged=true/.test(joined) || /device add .{0,160}source=\/(?:\s|$)/.test(joined)),
    },
  ],
};
