/** The broker's certificate: read from files, checked, and read again when it changes. */
@NullMarked
package io.moiety.broker.tls;

import org.jspecify.annotations.NullMarked;
