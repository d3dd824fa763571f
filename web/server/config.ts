// The control plane's settings, read once at start.
import { choice, names, port, type Setting, seconds, text, url, wholeNumber } from '../../core/runtime/config.ts';

export const settings = {
  host: text('WEB_HOST', '127.0.0.1', 'Address that the console and the API listen on; any but loopback speaks TLS.'),
  port: port('WEB_PORT', 8080, 'Port of the console and the API.'),
  metricsHost: text('WEB_METRICS_HOST', '127.0.0.1', "Address of the control plane's own /metrics."),
  metricsPort: port('WEB_METRICS_PORT', 9403, "Port of the control plane's own /metrics."),
  tlsCertificate: text('WEB_TLS_CERTIFICATE', '', 'Certificate file in PEM; empty: one is made at first start.'),
  tlsKey: text('WEB_TLS_KEY', '', 'Key file of the certificate in PEM.'),
  tlsNames: names('WEB_TLS_NAMES', 'localhost', 'Host names and addresses that a self-made certificate is for.'),
  consoleFolder: text('WEB_CONSOLE', 'web/console/dist', 'Folder of the built console.'),
  callsPerMinute: wholeNumber('WEB_CALLS_PER_MINUTE', 1_200, 'Calls that one source may make in a minute.', {
    min: 10,
    max: 1_000_000,
  }),
  auditOrigin: text('WEB_AUDIT_ORIGIN', 'odyssey/audit', 'Name of the audit log in its signed checkpoints.'),
  anchorFile: text(
    'WEB_AUDIT_ANCHOR_FILE',
    '',
    'File that signed checkpoints are appended to; best on another volume.',
  ),
  anchorUrl: text('WEB_AUDIT_ANCHOR_URL', '', 'Address that signed checkpoints are posted to.'),
  checkpointSeconds: seconds('WEB_AUDIT_CHECKPOINT', '5m', 'Longest time between two signed checkpoints.'),
  prometheusUrl: url('PROMETHEUS_URL', 'http://127.0.0.1:9090', 'Where history is read from.'),
  alertmanagerUrl: url('ALERTMANAGER_URL', 'http://127.0.0.1:9093', 'Where silences are kept.'),
  alertmanagerConfig: text(
    'WEB_ALERTMANAGER_CONFIG',
    '',
    'File Alertmanager is started with; empty: in the data folder.',
  ),
  amtool: text('WEB_AMTOOL', '', 'Program that checks it; empty: Alertmanager itself, when it loads it.'),
  inboxUrl: url('WEB_INBOX_URL', 'http://127.0.0.1:8080', 'Where Alertmanager reaches the API.'),
  inboxTokenFile: text(
    'WEB_INBOX_TOKEN_FILE',
    '',
    'alertmanager.token as Alertmanager sees it; empty: in the data folder.',
  ),
  inboxCaFile: text('WEB_INBOX_CA_FILE', '', 'Certificate that the API is known by, as Alertmanager sees it.'),
  grafanaUrl: optional(url('GRAFANA_URL', '', 'Where Grafana listens, without a path; empty: there is none.')),
  brokerSocket: text('BROKER_WRITE_SOCKET', '', 'The broker’s socket, where it does not lie in the data folder.'),
  haproxyImage: imageName(
    'HAPROXY_IMAGE',
    'haproxy:3.0',
    'Image of the ingress; HAProxy’s container is made from what it names then.',
  ),
  ingressHttpPort: port('WEB_INGRESS_HTTP_PORT', 80, 'Port of the host that deployments are reached at.'),
  ingressHttpsPort: port('WEB_INGRESS_HTTPS_PORT', 443, 'The same with TLS, where certificates are there.'),
  ingressMetricsPort: wholeNumber('WEB_INGRESS_METRICS_PORT', 8404, 'Loopback port of HAProxy’s figures; 0: none.', {
    min: 0,
    max: 65_535,
  }),
  ingressVolumes: names(
    'WEB_INGRESS_VOLUMES',
    '',
    'Two volumes, of HAProxy’s configuration and of its sockets, where these are no folders.',
  ),
  ingressNetworks: names('WEB_INGRESS_NETWORKS', '', 'Networks that HAProxy joins besides the environments’.'),
  collectorUrl: url('COLLECTOR_URL', 'http://127.0.0.1:9401', 'Where processes and live values are read from.'),
  gpuDetectorUrl: url('DETECTOR_GPU_URL', 'http://127.0.0.1:9405', 'The GPU detector.'),
  containerDetectorUrl: url('DETECTOR_CONTAINER_URL', 'http://127.0.0.1:9406', 'The container detector.'),
  processDetectorUrl: url('DETECTOR_PROCESS_URL', 'http://127.0.0.1:9407', 'The process detector.'),
  diskDetectorUrl: url('DETECTOR_DISK_URL', 'http://127.0.0.1:9408', 'The disk detector.'),
  dataFolder: text('ODYSSEY_DATA', 'data', 'Folder for what Odyssey keeps.'),
  logLevel: choice('LOG_LEVEL', 'info', 'How much is logged.', ['debug', 'info', 'warn', 'error']),
};

export const settingsPrefix = 'WEB_';

function imageName(variable: string, fallback: string, about: string): Setting<string> {
  return {
    ...{ variable, fallback, about },
    parse(value) {
      if (/^[a-z0-9][a-zA-Z0-9._/:@-]{0,400}$/.test(value)) return value;
      throw new Error('name an image, such as haproxy:3.0 or haproxy@sha256:…');
    },
  };
}

function optional(inner: Setting<string>): Setting<string> {
  return { ...inner, parse: (value) => (value === '' ? '' : inner.parse(value)) };
}
