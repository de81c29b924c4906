/** Deploying and undeploying under load, and what is left of it. */
@NullMarked
package io.moiety.arquillian.redeploy;

import org.jspecify.annotations.NullMarked;
