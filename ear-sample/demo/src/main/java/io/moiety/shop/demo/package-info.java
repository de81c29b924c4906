/** The demo: starts a server with the shop in it, and checks the shop's scenario over HTTP. */
@NullMarked
package io.moiety.shop.demo;

import org.jspecify.annotations.NullMarked;
