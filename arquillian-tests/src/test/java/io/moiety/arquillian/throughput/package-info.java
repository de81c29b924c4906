/**
 * How many transactions a second a server does with a row and a message in each; run by {@code
 * ./throughput}, and not part of the build.
 */
@NullMarked
package io.moiety.arquillian.throughput;

import org.jspecify.annotations.NullMarked;
