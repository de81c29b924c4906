/** The resource adapter for Jakarta Connectors 2.1. */
@NullMarked
package io.moiety.ra;

import org.jspecify.annotations.NullMarked;
