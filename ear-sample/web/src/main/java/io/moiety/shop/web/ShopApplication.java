package io.moiety.shop.web;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;

/** Switches Jakarta REST on; resources are found by their annotations. */
@ApplicationPath("api")
public class ShopApplication extends Application {}
