/**
 * Load generators written once against Jakarta Messaging, for every provider: only the class of the
 * connection factory and the address differ. They need nothing but the provider and Narayana on
 * their class path.
 */
@NullMarked
package io.moiety.benchmarks.jms;

import org.jspecify.annotations.NullMarked;
