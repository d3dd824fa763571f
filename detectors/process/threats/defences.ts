// Defences lowered: firewalls, mandatory access control, audit, agents that watch, checks of signatures and updates.
// Class: Sigma "Disable Or Stop Services", "Disabling Security Tools", Falco "Disallowed firewall change"; T1685, T1686.
import type { Command } from './shell/command.ts';
import { anyArg, destinations, writes, writtenText } from './shell/look.ts';
import type { Family } from './verdict/family.ts';

const firewallServices =
  /^(?:ufw|firewalld|iptables|ip6tables|nftables|pf|ipfw|apf|csf|shorewall|fail2ban|sshguard|crowdsec(?:-firewall-bouncer)?|denyhosts|netfilter-persistent)(?:\.service)?$/;
const watchers =
  /^(?:falcon-sensor|cbdaemon|cbagentd|cb-psc-sensor|mdatp|ds_agent|sentinelone|sentinelagent|sentinelctl|wazuh(?:-agent)?|ossec\w{0,64}|osqueryd?|falco\w{0,64}|tetragon|aide\w{0,64}|tripwire|samhain|rkhunter|chkrootkit|clamav\w{0,64}|clamd|clamonacc|freshclam|esets|eset|sophos\w{0,64}|sav-protect|savd|mcafee\w{0,64}|ma|elastic-(?:agent|endpoint)|auditbeat|apparmor|selinux|aegis|aliyun\w{0,64}|cloudmonitor|bcm-si\w{0,64}|qcloud\w{0,64}|yunjing|stargate|barad_agent|ydservice|ydlive|nessus\w{0,64}|qualys\w{0,64}|rapid7\w{0,64}|ir_agent|xagt|cylancesvc|traps\w{0,64}|cortex\w{0,64}|kesl|klnagent\w{0,64}|secureworks\w{0,64}|taegis\w{0,64}|lacework\w{0,64}|datacollector|threatstack|cloudflared-guard|snoopy|waagent|amazon-ssm-agent|gpo-watchdog|crowdstrike\w{0,64}|auditd|unattended-upgrades)(?:\.service|\.timer)?$/;
const stops = /^(?:stop|disable|mask|off|remove|kill|onestop|onedisable)$/;
const managers = /^(?:systemctl|service|rc-service|chkconfig|update-rc\.d|initctl|rcctl|sysrc|svcadm|launchctl|sv)$/;

function stopsService({ name, args }: Command, services: RegExp): boolean {
  return managers.test(name) && args.some((arg) => stops.test(arg)) && args.some((arg) => services.test(arg));
}

const chains = /^(?:INPUT|OUTPUT|FORWARD)$/;
const isTables = (name: string): boolean => /^(?:iptables|ip6tables|ebtables|arptables)$/.test(name);

export const defences: Family = {
  name: 'defences',
  category: 'system_modification',
  rules: [
    {
      id: 'firewall-turned-off',
      technique: 'T1686',
      weight: 'strong',
      reason: 'The firewall is turned off.',
      when: (command) =>
        stopsService(command, firewallServices) ||
        (command.name === 'ufw' && command.args.some((arg) => /^(?:disable|reset)$/.test(arg))) ||
        (command.name === 'pfctl' && anyArg(command, /^-[a-z]*d[a-z]*$/)) ||
        (command.name === 'ipfw' && /\bdisable\b|flush/.test(command.joined)) ||
        (command.name === 'nft' && /flush ruleset|delete table/.test(command.joined)) ||
        (/^(?:apt|apt-get|yum|dnf|apk|pacman)$/.test(command.name) &&
          anyArg(command, /^(?:remove|purge|erase|del|-R\w{0,64})$/) &&
          anyArg(command, firewallServices)),
    },
    {
      id: 'firewall-emptied',
      technique: 'T1686',
      weight: 'strong',
      reason: 'All rules of the firewall are removed, or everything is let through.',
      when: ({ name, args }, { commands }) =>
        isTables(name) &&
        ((args.some((arg) => /^(?:-F|--flush|-X)$/.test(arg)) &&
          !args.some((arg) => /^(?:-t|--table)$/.test(arg)) &&
          (args.length === 1 || chains.test(args[1] ?? '')) &&
          commands.length > 1) ||
          (args.some((arg) => /^(?:-P|--policy)$/.test(arg)) && args.includes('ACCEPT'))),
    },
    {
      id: 'firewall-flushed',
      technique: 'T1686',
      weight: 'moderate',
      reason: 'The rules of a firewall chain are removed.',
      when: ({ name, args }) => isTables(name) && args.some((arg) => /^(?:-F|--flush)$/.test(arg)),
    },
    {
      id: 'firewall-rule-against-traffic-removed',
      technique: 'T1686',
      weight: 'strong',
      reason: 'A rule of the firewall that forbids something is removed.',
      when: ({ name, args, joined }) =>
        (isTables(name) && args.some((arg) => /^(?:-D|--delete)$/.test(arg)) && /\b(?:DROP|REJECT)\b/.test(joined)) ||
        (name === 'ufw' && /\bdelete (?:deny|reject|limit)\b/.test(joined)),
    },
    {
      id: 'firewall-opened-wide',
      technique: 'T1686',
      weight: 'moderate',
      reason: 'The firewall is opened for everything, or its rules are put before the others.',
      when: ({ name, joined }) =>
        (isTables(name) && /^(?:-[IA]|--insert|--append) (?:INPUT|OUTPUT|FORWARD)(?: 1)? -j ACCEPT$/.test(joined)) ||
        (name === 'ufw' && /\b(?:default allow|allow from any|prepend|insert 1)\b/.test(joined)) ||
        (name === 'firewall-cmd' && /--set-default-zone=trusted|--panic-off/.test(joined)),
    },
    {
      id: 'firewall-changed-and-listed',
      technique: 'T1686',
      weight: 'moderate',
      reason: 'A script changes the firewall and looks at the result.',
      when: ({ name, joined }, { commands }) =>
        (name === 'ufw' &&
          /\b(?:prepend|insert|deny|delete|disable|logging)\b/.test(joined) &&
          commands.some((one) => one.name === 'ufw' && /status/.test(one.joined))) ||
        (name === 'pfctl' && /-f\s?-|-F/.test(joined) && commands.filter((one) => one.name === 'pfctl').length > 1),
    },
    {
      id: 'firewall-rules-from-pipe',
      technique: 'T1686',
      weight: 'moderate',
      reason: 'Firewall rules are loaded from a pipe.',
      when: (command) =>
        (command.name === 'pfctl' && /-f\s?-/.test(command.joined) && command.previous !== undefined) ||
        (command.name === 'iptables-restore' &&
          command.previous !== undefined &&
          /echo|printf/.test(command.previous.name)),
    },
    {
      id: 'firewall-log-or-file-touched',
      technique: 'T1686',
      weight: 'strong',
      reason: 'The files or the log of the firewall are changed or turned off directly.',
      when: (command) =>
        writes(command, /\/etc\/(?:ufw|firewalld|nftables|iptables|pf\.conf|default\/ufw|sysconfig\/iptables)/) ||
        (command.name === 'ufw' && /logging off/.test(command.joined)),
    },
    {
      id: 'firewall-log-read',
      technique: 'T1686',
      weight: 'moderate',
      reason: 'The log of the firewall is read to see what it notices.',
      when: ({ name, args }) =>
        /^(?:tail|head|less|more)$/.test(name) &&
        args.some((arg) => /\/var\/log\/(?:ufw|firewalld|iptables|pf)/.test(arg)),
    },
    {
      id: 'access-control-turned-off',
      technique: 'T1685',
      weight: 'strong',
      reason: 'Mandatory access control is turned off.',
      when: (command) =>
        (command.name === 'setenforce' && /^(?:0|permissive)$/i.test(command.args[0] ?? '')) ||
        (writes(command, /\/etc\/(?:selinux\/config|sysconfig\/selinux)|\/(?:selinux|sys\/fs\/selinux)\/enforce/) &&
          /disabled|permissive|\b0\b/.test(`${command.joined}\n${writtenText(command)}`)) ||
        (command.name === 'aa-teardown' && command.under.length === 0) ||
        (command.name === 'ln' && anyArg(command, /\/etc\/apparmor\.d\/disable/)) ||
        (command.name === 'grubby' && /selinux=0|apparmor=0|audit=0/.test(command.joined)),
    },
    {
      id: 'audit-rules-removed',
      technique: 'T1685.004',
      weight: 'strong',
      reason: 'The rules of the audit system are removed or the system turned off.',
      when: (command) =>
        command.name === 'auditctl' &&
        anyArg(command, /^(?:-D|-e0?$)/) &&
        (command.args.includes('-D') || /-e\s?0/.test(command.joined)),
    },
    {
      id: 'watcher-stopped',
      technique: 'T1685',
      weight: 'strong',
      reason: 'A program that watches the machine is stopped, killed or removed.',
      when: (command) =>
        stopsService(command, watchers) ||
        (/^(?:pkill|killall)$/.test(command.name) && anyArg(command, watchers)) ||
        (/^(?:apt|apt-get|yum|dnf|rpm|dpkg|apk|zypper)$/.test(command.name) &&
          anyArg(command, /^(?:remove|purge|erase|del|-e|-r|-P|--purge|rm)$/) &&
          anyArg(command, watchers)) ||
        (command.name === 'rm' &&
          anyArg(
            command,
            /^\/(?:opt|usr\/local|var)\/(?:CrowdStrike|carbonblack|sentinelone|wazuh|ossec|qualys|aegis|McAfee|Sophos)/i,
          )) ||
        (command.name === 'sentinelctl' && /unload|disable|unprotect/.test(command.joined)) ||
        (command.name === 'kill' &&
          /\$\((?:pgrep|pidof)[^)]{0,40}(?:falco|osquery|wazuh|audit|syslog|falcon|ossec)/.test(command.joined)) ||
        (/(?:uninstall|Uninstall)[\w.-]{0,32}$/.test(command.program) &&
          /aegis|qcloud|agent|falcon|sentinel/i.test(command.program)),
    },
    {
      id: 'memory-protection-turned-off',
      technique: 'T1685',
      weight: 'strong',
      reason: 'A protection of the kernel is turned off.',
      when: (command) =>
        (command.name === 'sysctl' &&
          /(?:randomize_va_space|dmesg_restrict|kptr_restrict|ptrace_scope|perf_event_paranoid|unprivileged_bpf_disabled|modules_disabled)\s?=\s?(?:0|-1)/.test(
            command.joined,
          )) ||
        (destinations(command).some((file) =>
          /^\/proc\/sys\/kernel\/(?:randomize_va_space|yama\/ptrace_scope|kptr_restrict|dmesg_restrict)$/.test(file),
        ) &&
          /\b0\b/.test(writtenText(command))),
    },
    {
      id: 'file-protection-lifted',
      technique: 'T1222.002',
      weight: 'strong',
      reason: 'The attribute that protects a system file from changes is taken away.',
      when: (command) =>
        command.name === 'chattr' &&
        anyArg(command, /^-[a-z]*[ia][a-z]*$/) &&
        anyArg(command, /^\/(?:etc|usr|var\/spool|root|bin|sbin|lib|boot)\//),
    },
    {
      id: 'signature-check-skipped',
      technique: 'T1553',
      weight: 'moderate',
      reason: 'A package from the network is installed without a check of its signature.',
      when: (command) =>
        /^(?:yum|dnf|rpm|apt-get)$/.test(command.name) &&
        anyArg(command, /^--(?:nogpgcheck|allow-unauthenticated|nosignature)$/) &&
        anyArg(command, /^https?:\/\//),
    },
    {
      id: 'watcher-set-to-ignore',
      technique: 'T1685',
      weight: 'strong',
      reason: 'A program that watches the machine is told to look away.',
      when: ({ name, joined }) =>
        (name === 'mdatp' && /(?:--value disabled|exclusion .{0,160}add|mode .{0,160}(?:off|disabled))/.test(joined)) ||
        (name === 'falconctl' && /-d|--disable/.test(joined)),
    },
    {
      id: 'file-made-immutable',
      technique: 'T1222.002',
      weight: 'strong',
      reason: 'A file that starts programs is made unremovable.',
      when: (command) =>
        command.name === 'chattr' &&
        anyArg(command, /^\+[a-z]*i/) &&
        anyArg(command, /cron|\.ssh|\/etc\/|\/tmp|systemd|\/usr\/bin/),
    },
    {
      id: 'system-tree-opened',
      technique: 'T1222.002',
      weight: 'strong',
      reason: 'A whole tree of the system is made writable for everybody.',
      when: ({ name, args }) =>
        name === 'chmod' &&
        args.some((arg) => /^-[a-zA-Z]*R/.test(arg)) &&
        args.some((arg) => /^(?:0?777|[ao]+\+r?wx?|ugo\+rwx)$/.test(arg)) &&
        args.some((arg) => /^\/(?:etc|usr|bin|sbin|lib|boot|root|var\/log)?\/?\*?$/.test(arg)),
    },
    {
      id: 'security-names-pointed-nowhere',
      technique: 'T1685',
      weight: 'strong',
      reason: 'The names of update or security servers are pointed nowhere.',
      when: (command) =>
        writes(command, /^\/etc\/hosts$/) &&
        /(?:0\.0\.0\.0|127\.0\.0\.1)\s+\S{0,160}(?:update|security|virustotal|clamav|crowdstrike|microsoft|aliyun|pool|falcon|sophos)/.test(
          writtenText(command),
        ),
    },
    {
      id: 'process-hidden-by-mount',
      technique: 'T1564.001',
      weight: 'decisive',
      reason: 'A process is hidden by a mount over its folder in /proc.',
      when: ({ name, joined }) =>
        name === 'mount' && /(?:--bind|-o\s?bind).{0,160}\s\/proc\/(?:\d+|\$\w+|\$\$|\$\{\w+\})\/?$/.test(joined),
    },
    {
      id: 'login-guard-weakened',
      technique: 'T1556',
      weight: 'strong',
      category: 'persistence_mechanisms',
      reason: 'The settings of the ssh server are changed so that more logins succeed.',
      when: (command) =>
        writes(command, /\/etc\/ssh\/sshd?_config/) &&
        /PermitRootLogin[\s\\t]+yes|PermitEmptyPasswords[\s\\t]+yes|PasswordAuthentication[\s\\t]+yes|AuthorizedKeysFile|AuthorizedKeysCommand|GatewayPorts[\s\\t]+yes|PermitUserEnvironment/.test(
          `${command.joined}\n${writtenText(command)}`,
        ),
    },
  ],
};
