// The text of an apt configuration that keeps to its own folders, so that nothing of the machine's apt is changed.

export interface AptFolders {
  work: string;
  /** The user that apt's download helpers run as: the one who owns the folders. */
  user: string;
  /** Whether the machine's own sources are read, or only those that we wrote. */
  ownSources: boolean;
}

/** Read by `apt-get -c` after the machine's configuration: its proxies and checks stay, its hooks and its folders do not. */
export function renderAptConfig({ work, user, ownSources }: AptFolders): string {
  const lines = [
    `Dir::State::lists "${work}/lists";`,
    `Dir::Cache "${work}/cache";`,
    'Dir::Etc::preferences "/dev/null";',
    `Dir::Etc::preferencesparts "${work}/preferences";`,
    `APT::Sandbox::User "${user}";`,
    'APT::Get::Assume-Yes "true";',
    'Acquire::Languages "none";',
    'Acquire::Retries "3";',
    'Acquire::http::Timeout "30";',
    'Acquire::https::Timeout "30";',
    'Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled "false";',
    'Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false";',
    'Acquire::IndexTargets::deb-src::Sources::DefaultEnabled "false";',
    '#clear APT::Update::Pre-Invoke;',
    '#clear APT::Update::Post-Invoke;',
    '#clear APT::Update::Post-Invoke-Success;',
  ];
  if (!ownSources) lines.push('Dir::Etc::sourcelist "/dev/null";', `Dir::Etc::sourceparts "${work}/sources";`);
  return `${lines.join('\n')}\n`;
}

/** One suite of a mirror as a deb822 source. */
export function renderSource(mirror: string, suite: string, keyring: string | undefined): string {
  const lines = ['Types: deb', `URIs: ${mirror}`, `Suites: ${suite}`, 'Components: main'];
  if (keyring !== undefined) lines.push(`Signed-By: ${keyring}`);
  return `${lines.join('\n')}\n`;
}
