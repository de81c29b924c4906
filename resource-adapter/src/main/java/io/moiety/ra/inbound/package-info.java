/**
 * What message-driven beans receive by: activations, their work, and recovery of their
 * transactions.
 */
@NullMarked
package io.moiety.ra.inbound;

import org.jspecify.annotations.NullMarked;
