// What the appliance promises and tests of ours keep, by words of those tests' titles.
import type { Promises } from './shown.ts';

interface Suite {
  /** Where its tests lie. */
  files: readonly string[];
  promises: Promises;
}

/** The real compose file on a real engine, and the bundle for a host without a registry. */
export const compose: Suite = {
  files: ['test/compose/appliance', 'test/compose/bundle'],
  promises: {
    'appliance.compose.healthy': 'every container is healthy',
    'appliance.compose.scraped': 'every target is scraped',
    'appliance.compose.scores': 'the detectors tick',
    'appliance.compose.deploys': 'deploys a small service and reaches it',
    'appliance.compose.notifies': 'is told of a test alert',
    'appliance.compose.rights': 'exactly its rights',
    'appliance.compose.no_other_container': 'there are these containers and no others',
    'appliance.compose.ports': 'published are 80, 443 and 8080, and nothing else',
    'appliance.compose.socket_out_of_reach': 'finds it nowhere',
    'appliance.compose.socket_refused_to_the_collector': 'sees it on every path, and is refused on each',
    'appliance.compose.no_default_account': 'there is no account that somebody could guess',
    'appliance.compose.secrets_where_needed': 'secrets lie in the volumes of those who need them',
    'appliance.compose.after_kill': 'comes back by itself',
    'appliance.compose.after_crash_of_the_engine': 'the engine is killed',
    'appliance.compose.profiles': 'is valid with the profiles',
    'appliance.compose.bundle': 'packs itself for a host without a registry',
    'appliance.compose.bundle_damaged': 'a file that changed on the way is noticed',
    'appliance.compose.bundle_whole': 'every image that the compose file runs is taken along',
    'appliance.compose.uninstall': 'taken away, it leaves what it deployed running and served',
  },
};

/** Dashboards, provisioning, and the way to them through the control plane, against an upstream that records. */
export const grafana: Suite = {
  files: ['test/grafana', 'test/web/server/grafana'],
  promises: {
    'appliance.grafana.schema': "fits Grafana's published schema",
    'appliance.grafana.generated': 'is what the source gives',
    'appliance.grafana.queries_parse': 'all parse, and what does not is told',
    'appliance.grafana.metrics_exported': 'ask only for what something exports',
    'appliance.grafana.queries_understood': 'every query is understood',
    'appliance.grafana.queries_with_data': 'every query that needs no score gives data',
    'appliance.grafana.unknown_is_not_fine': 'no panel says anything',
    'appliance.grafana.data_source': 'the data source is the one that every panel names',
    'appliance.grafana.provisioned': 'dashboards come from where the settings take the home dashboard from',
    'appliance.grafana.no_secret_in_its_settings': 'no secret stands in it',
    'appliance.grafana.settings_of_the_proxy': 'and reads the headers that it sets',
    'appliance.grafana.proxy.who_may_pass': 'who may pass',
    'appliance.grafana.proxy.names_people_itself': 'nobody is named but by us',
    'appliance.grafana.proxy.strips_credentials': 'no cookie, credential, forwarded address or hop-by-hop header',
    'appliance.grafana.proxy.every_spelling': 'however it is spelt, nothing of the client names a person',
    'appliance.grafana.proxy.roles': 'the highest of several',
    'appliance.grafana.proxy.passes_on': 'method, path, query and body as they were',
    'appliance.grafana.proxy.sockets_refused': 'a socket is refused at once',
    'appliance.grafana.proxy.recorded_first': 'before they are made, and closed with how they ended',
    'appliance.grafana.proxy.unrecorded_not_made': 'a change that cannot be recorded is not made',
    'appliance.grafana.export': 'takes every dashboard with its folder',
    'appliance.grafana.restore': 'puts everything back into an empty Grafana',
  },
};

/** Rules, their tests, and the whole way to a mail server and a webhook receiver. */
export const alerts: Suite = {
  files: ['test/alerts', 'test/web/server/notifications', 'test/core/lib/alertmanager-config.test.ts'],
  promises: {
    'alerts.rules_valid': 'the rules are valid to',
    'alerts.rule_tests': 'the tests pass under',
    'alerts.tested_and_in_the_runbook': 'a place in the runbook',
    'alerts.metrics_exported': 'no alert names a metric that nothing exports',
    'alerts.mail_and_webhook_received': 'a critical alert arrives by mail and as a signed webhook',
    'alerts.quiet_hours': 'in quiet hours a warning waits',
    'alerts.inhibition': 'the graver alert on the same thing holds the milder back',
    'alerts.test_button': 'the test button says what became of it',
    'alerts.retried_under_one_id': 'a receiver that answers 500 is tried again',
    'alerts.heartbeat': 'the monitor outside hears from us',
  },
};
