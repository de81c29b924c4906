/** What a comparison runs in JVMs of their own over Moiety's own classes. */
@NullMarked
package io.moiety.benchmarks.child;

import org.jspecify.annotations.NullMarked;
