/**
 * The store turn and the journal: how a fact gets into the commit log and from there, in log order,
 * into the views. Knows the log and the {@link io.moiety.broker.store.View} interface, no view.
 */
@NullMarked
package io.moiety.broker.store;

import org.jspecify.annotations.NullMarked;
