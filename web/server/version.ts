// The version of this program, as the specification and backups state it.
export const version = '0.1.0';
