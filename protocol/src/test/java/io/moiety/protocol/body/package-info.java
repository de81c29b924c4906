@NullMarked
package io.moiety.protocol.body;

import org.jspecify.annotations.NullMarked;
