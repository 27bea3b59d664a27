/**
 * How long the check of a domain waits, and how much it takes from answers of others.
 *
 * Not open to operators: they bound what one administrator waits for.
 *
 * @module
 */

/** Checks under way at the same time; each holds a few sockets. */
export const DOMAIN_CHECKS_AT_ONCE_MAX = 4

/** One question to one name server; a question is asked twice at most. */
export const DNS_TRY_MS = 2_000
export const DNS_TRIES = 2
/** All questions about one name. */
export const DNS_DEADLINE_MS = 6_000
/** A name leads to a name, which leads to a name; further nobody has it on purpose. */
export const CNAME_STEPS_MAX = 4
/** Of each type. */
export const DNS_RECORDS_MAX = 16

/** From the first packet to a certificate, for one address. */
export const TLS_DEADLINE_MS = 5_000
/** A server with two families of addresses may answer on one only. */
export const TLS_ADDRESSES_MAX = 2
/** What one certificate may fill of the answer. */
export const CERTIFICATE_NAMES_MAX = 100
export const CERTIFICATE_TEXT_MAX = 300
