/**
 * Who may do what: users with keys, their permissions for topics and groups, and what each request
 * needs. Knows the protocol, not the network.
 */
@NullMarked
package io.moiety.broker.access;

import org.jspecify.annotations.NullMarked;
