@NullMarked
package io.moiety.protocol;

import org.jspecify.annotations.NullMarked;
