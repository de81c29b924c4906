/** The shop over HTTP. */
@NullMarked
package io.moiety.shop.web;

import org.jspecify.annotations.NullMarked;
