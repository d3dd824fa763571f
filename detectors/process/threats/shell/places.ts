// Places of a Linux file system that rules speak of: where secrets, settings and traces lie, and where anybody may write.

/** Folders in which any user may leave a program. */
export const worldWritable =
  /^(?:\/(?:tmp|var\/tmp|dev\/shm|dev\/mqueue|run\/lock|run\/user\/\d+|var\/lock)|\/dev\/shm)\//;

/** Files that hold passwords, keys or tokens. */
export const secrets =
  /(?:\/etc\/(?:shadow|gshadow|master\.passwd|passwd|sudoers|krb5\.keytab|ssl\/private|openvpn|wireguard|NetworkManager\/system-connections)|\.ssh(?:\/|$)|\bid_(?:rsa|dsa|ecdsa|ed25519)\b|\.aws\/|\.kube\/|\.gnupg|\.docker\/config|\.netrc|\.pgpass|\.my\.cnf|\.git-credentials|\.vault-token|gcloud\/|\.azure\/|\.bash_history|\.kdbx|wallet\.dat|\.keystore|logins\.json|key[34]\.db|Login Data|cookies\.sqlite|\/proc\/[^/]+\/environ|service-?account.*\.json|secrets?\.ya?ml|serviceaccount\/token)/;

/** Data that is worth carrying away: secrets, whole homes, databases and their dumps. */
const valuables =
  /(?:\.sql\b|dump|backup|\/home(?:\/|$)|^\/root(?:\/|$)|^\/etc(?:\/|$)|\/var\/lib\/(?:mysql|postgresql|mongodb|redis|docker)|\.(?:db|sqlite3?|mdb|bak|pem|key|pfx|p12|ovpn|csv|xlsx?|docx?)$)/;

export function isValuable(text: string): boolean {
  return secrets.test(text) || valuables.test(text);
}

/** Addresses of the machine itself. */
export const loopback = /(?:^|[/@\s=])(?:localhost|127\.\d+\.\d+\.\d+|\[::1\]|0\.0\.0\.0)(?:[:/\s]|$)/;

/** Text that fetches or starts something from a place where programs do not live. */
export const startsForeign =
  /(?:\/tmp\/|\/var\/tmp\/|\/dev\/shm\/|\/dev\/tcp\/|\bcurl\b|\bwget\b|\bnc\b|\bncat\b|\bsocat\b|base64|\|\s?(?:ba|z|da)?sh\b|python\d?\s+-c|perl\s+-e|bash\s+-[ci]|\/\.[a-z])/;

/** Where shells keep what was typed. */
export const histories =
  /(?:\.(?:bash|zsh|sh|ash|ksh|fish|python|mysql|psql|lesshst|node_repl|rediscli|sqlite)_?(?:history|hist)?_?(?:history|lesshst)\b|\.lesshst|\.viminfo|\.histfile|fish_history|\$\{?HISTFILE\b)/;

/** What the system writes about itself. */
export const logs =
  /(?:^|=)(?:\/private)?\/var\/(?:log|audit|adm)(?:\/|$)|\/(?:wtmp|btmp|utmp|utmpx|wtmpx|lastlog|faillog|tallylog)$|containers\/[^/]{0,72}\/[^/]{0,160}-json\.log/;

export const mailSpool = /^\/var\/(?:spool\/)?mail(?:\/|$)/;

/** Files that name jobs to run at set times. */
export const schedules =
  /(?:^|=)\/(?:(?:usr\/local\/)?etc\/(?:cron(?:tab\b|\.(?:d|hourly|daily|weekly|monthly)\/|\.(?:allow|deny))|anacrontab|periodic\/|at\.(?:allow|deny))|(?:var|private\/var\/at|usr\/lib)\/(?:spool\/)?(?:cron|tabs|at)\b)/;

/** Files that start services. */
export const services =
  /(?:\/(?:etc|usr\/lib|lib|run|usr\/local\/lib)\/systemd\/(?:system|user|system-generators|user-generators)\/|\.config\/systemd\/user\/|^\/(?:usr\/local\/)?etc\/(?:init\.d|rc\.d|rc\d\.d|init|inittab|rc\.local|rc\.common|runlevels|conf\.d\/local)(?:\/|$|\b)|\/local\.d\/|^\/etc\/rc\.local|\/etc\/sv\/|\/LaunchDaemons\/|\/LaunchAgents\/)/;

/** Files that a shell or a desktop reads at each start. */
export const startFiles =
  /(?:\.(?:bashrc|bash_profile|bash_login|bash_logout|profile|zshrc|zshenv|zprofile|zlogin|zlogout|kshrc|cshrc|tcshrc|login|logout|xinitrc|xprofile|xsession|shrc)$|\/etc\/(?:profile(?:\.d\/|$)|bash\.bashrc|bashrc|zshenv|zsh\/|csh\.|environment$|X11\/Xsession\.d|xdg\/autostart)|\.config\/(?:autostart|fish\/config)|\/etc\/update-motd\.d\/)/;

/** Files by which the dynamic linker loads foreign code. */
export const preloads = /\/etc\/ld\.so\.(?:preload|conf)/;

export const pam = /(?:\/etc\/pam\.(?:d\/|conf)|\bpam_[a-z_]{1,32}\.so|\/security\/pam_|\/etc\/security\/)/;
export const sudoers = /\/etc\/(?:sudoers|doas\.conf|polkit-1\/)/;
export const accounts = /^\/etc\/(?:passwd|shadow|group|gshadow|master\.passwd)-?$/;
export const authorizedKeys = /\.ssh\/(?:authorized_keys2?|rc|environment)\b|authorized_keys\b/;
/** Kernel hooks that start a program on an event. */
export const kernelHooks =
  /\/(?:core_pattern|release_agent|binfmt_misc\/register|uevent_helper|modprobe|hotplug|notify_on_release)$/;
export const eventHooks =
  /\/(?:etc\/(?:udev|acpi|NetworkManager\/dispatcher\.d|dhcp\/|network\/if-|apt\/apt\.conf\.d|yum\/|dnf\/plugins|ppp\/|logrotate\.d|initramfs-tools|dracut\.conf|modules-load\.d|modprobe\.d|modules$|logind\.conf\.d|emond)|(?:usr\/)?lib\/(?:udev\/rules\.d|dracut)|run\/udev)|\.git\/hooks\/|sitecustomize|usercustomize|\.pth$/;
