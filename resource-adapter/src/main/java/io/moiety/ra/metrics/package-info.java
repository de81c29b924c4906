/** What the adapter counts, and how servers' tools see it. */
@NullMarked
package io.moiety.ra.metrics;

import org.jspecify.annotations.NullMarked;
