/**
 * The key index: where in the log the messages with a key are ({@code KEYS}, {@code UNIQ_KEY}).
 *
 * <p>Pairs of a hash and a position are collected on the heap and written as sorted, immutable
 * files. A hit is a hint: the record that lies there decides.
 */
@NullMarked
package io.moiety.broker.index;

import org.jspecify.annotations.NullMarked;
