/** What an operator can set: read once, checked once, immutable from then on. */
@NullMarked
package io.moiety.broker.config;

import org.jspecify.annotations.NullMarked;
