/**
 * Bodies of commands: RocketMQ's JSON documents as records, and its batch form. Unknown JSON
 * members are ignored in both directions, absent lists and maps are read as empty ones.
 */
@NullMarked
package io.moiety.protocol.body;

import org.jspecify.annotations.NullMarked;
