/**
 * What a person is to the shop who works with the gateway. What that lets him do is decided by the scopes of his call, as it
 * is for a program.
 */
export const ROLES = ['administrator', 'finance', 'clerk', 'read_only'] as const;
export type Role = (typeof ROLES)[number];
