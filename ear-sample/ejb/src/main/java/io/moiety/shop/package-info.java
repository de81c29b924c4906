/** The shop: orders in a database, and the messages that move them along. */
@NullMarked
package io.moiety.shop;

import org.jspecify.annotations.NullMarked;
