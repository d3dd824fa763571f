// Whether Docker's daemon.json bounds the logs of containers.

/** True where a max-size is set; undefined where the text is no such configuration. */
export function rotatesLogs(daemonJson: string): boolean | undefined {
  try {
    const options: unknown = JSON.parse(daemonJson)?.['log-opts'];
    if (options === undefined) return false;
    return typeof options === 'object' && options !== null && 'max-size' in options;
  } catch {
    return undefined;
  }
}
