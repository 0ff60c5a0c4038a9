/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire/usermsg.h"

#include "wire/pballoc.h"
#include "wire/user.pb-c.h"

/* Encoded messages that follow each other are one message, so a part is a message of its own. */
static void append(struct buf *msg, Wire__UserInstruction *instruction)
{
    Wire__UserMessage part = WIRE__USER_MESSAGE__INIT;
    part.n_instruction = 1;
    part.instruction = &instruction;
    buf_reserve(msg, wire__user_message__get_packed_size(&part));
    msg->len += wire__user_message__pack(&part, msg->data + msg->len);
}

void usermsg_put_keys(struct buf *msg, const uint8_t *keys, size_t len)
{
    Wire__Keystroke keystroke = WIRE__KEYSTROKE__INIT;
    keystroke.has_keys = true;
    keystroke.keys = (ProtobufCBinaryData){len, (uint8_t *)(uintptr_t)keys}; /* only read */
    Wire__UserInstruction instruction = WIRE__USER_INSTRUCTION__INIT;
    instruction.keystroke = &keystroke;
    append(msg, &instruction);
}

void usermsg_put_resize(struct buf *msg, int32_t cols, int32_t rows)
{
    Wire__UserResize resize = WIRE__USER_RESIZE__INIT;
    resize.has_width = true;
    resize.width = cols;
    resize.has_height = true;
    resize.height = rows;
    Wire__UserInstruction instruction = WIRE__USER_INSTRUCTION__INIT;
    instruction.resize = &resize;
    append(msg, &instruction);
}

void usermsg_put_profile(struct buf *msg, const uint8_t *profile, size_t len)
{
    Wire__UserInstruction instruction = WIRE__USER_INSTRUCTION__INIT;
    instruction.has_profile = true;
    instruction.profile = (ProtobufCBinaryData){len, (uint8_t *)(uintptr_t)profile}; /* only read */
    append(msg, &instruction);
}

void usermsg_put_request(struct buf *msg, const uint8_t *request, size_t len)
{
    Wire__UserInstruction instruction = WIRE__USER_INSTRUCTION__INIT;
    instruction.has_request = true;
    instruction.request = (ProtobufCBinaryData){len, (uint8_t *)(uintptr_t)request}; /* only read */
    append(msg, &instruction);
}

static int visit(const Wire__UserInstruction *i, const struct usermsg_visitor *v, void *context)
{
    if (i->keystroke) {
        const ProtobufCBinaryData *keys = &i->keystroke->keys;
        return keys->len ? v->keys(context, keys->data, keys->len) : 0;
    }
    if (i->resize)
        return v->resize(context, i->resize->width, i->resize->height);
    if (i->has_profile && i->profile.len)
        return v->profile(context, i->profile.data, i->profile.len);
    if (i->has_request && i->request.len)
        return v->request(context, i->request.data, i->request.len);
    return 0;
}

int usermsg_walk(const uint8_t *bytes, size_t len, const struct usermsg_visitor *v, void *context)
{
    struct pballoc memory;
    pballoc_init(&memory, PBALLOC_BYTES_MAX);
    int err = 0;
    ProtobufCMessage *message =
        pballoc_unpack(&memory, &wire__user_message__descriptor, bytes, len, &err);
    if (!message)
        return err;
    const Wire__UserMessage *pb = (const Wire__UserMessage *)message;
    for (size_t n = 0; n < pb->n_instruction && !err; n++)
        err = visit(pb->instruction[n], v, context);
    pballoc_free(&memory, message);
    return err;
}
