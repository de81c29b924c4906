/** The shop: orders, fulfilment, payment. */
@NullMarked
package io.moiety.shop;

import org.jspecify.annotations.NullMarked;
