/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOSH_CLIENT_ARGS_H
#define MOSH_CLIENT_ARGS_H

/* What mosh-client is told: by its arguments, by its environment, and by what is known of the
   terminal. What cannot be gone on with ends the program with a message. */

#include "session/client.h"
#include "sys/endpoint.h"

#define CLIENT_ARGS_PROGRAM "mosh-client"

/* Leaves the two words, IP and PORT, at argv[optind]. Ends the program for what only prints. */
void client_args_options(int argc, char **argv);

/* The two words. */
void client_args_server(char **words, struct endpoint *server, uint16_t *port);

/* The key of the environment, where it is overwritten. */
void client_args_key(uint8_t key[KEY_BYTES]);

/* The rest of the configuration; its strings are borrowed from the environment. */
void client_args_prediction(struct client_config *config);
void client_args_terminal(struct client_config *config);

#endif
