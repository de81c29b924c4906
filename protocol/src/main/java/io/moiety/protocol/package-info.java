/** Frames, command codes, headers and the message layout, shared by broker and client. No I/O. */
@NullMarked
package io.moiety.protocol;

import org.jspecify.annotations.NullMarked;
