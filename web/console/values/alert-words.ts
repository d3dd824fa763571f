// Which alert is meant, in one text, and where it is looked at: as messages to people have it, too.
export { alertKey as keyOf, alertPath as alertHref } from '../../../core/lib/alert-link.ts';
