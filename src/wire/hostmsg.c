/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire/hostmsg.h"

#include "wire/host.pb-c.h"
#include "wire/pballoc.h"

/* Encoded messages that follow each other are one message, so a part is a message of its own. */
static void append(struct buf *msg, Wire__HostInstruction *instruction)
{
    Wire__HostMessage part = WIRE__HOST_MESSAGE__INIT;
    part.n_instruction = 1;
    part.instruction = &instruction;
    buf_reserve(msg, wire__host_message__get_packed_size(&part));
    msg->len += wire__host_message__pack(&part, msg->data + msg->len);
}

void hostmsg_put_echo_ack(struct buf *msg, uint64_t echo_ack_num)
{
    Wire__EchoAck echoack = WIRE__ECHO_ACK__INIT;
    echoack.has_echo_ack_num = true;
    echoack.echo_ack_num = echo_ack_num;
    Wire__HostInstruction instruction = WIRE__HOST_INSTRUCTION__INIT;
    instruction.echoack = &echoack;
    append(msg, &instruction);
}

void hostmsg_put_resize(struct buf *msg, int32_t cols, int32_t rows)
{
    Wire__HostResize resize = WIRE__HOST_RESIZE__INIT;
    resize.has_width = true;
    resize.width = cols;
    resize.has_height = true;
    resize.height = rows;
    Wire__HostInstruction instruction = WIRE__HOST_INSTRUCTION__INIT;
    instruction.resize = &resize;
    append(msg, &instruction);
}

static size_t varint_length(size_t n)
{
    size_t len = 1;

    for (; n >= 0x80; n >>= 7)
        len++;
    return len;
}

/* The head of a field of bytes, or of a message within a message. */
static void put_field(struct buf *msg, unsigned number, size_t len)
{
    enum { LENGTH_DELIMITED = 2 };

    buf_append_byte(msg, (uint8_t)(number << 3 | LENGTH_DELIMITED));
    for (; len >= 0x80; len >>= 7)
        buf_append_byte(msg, (uint8_t)(len | 0x80));
    buf_append_byte(msg, (uint8_t)len);
}

/* By hand, since it is in every frame: each of the three messages has one field. */
void hostmsg_put_bytes(struct buf *msg, const uint8_t *bytes, size_t len)
{
    size_t hostbytes_len = 1 + varint_length(len) + len;

    put_field(msg, 1, 1 + varint_length(hostbytes_len) + hostbytes_len);
    put_field(msg, 2, hostbytes_len);
    put_field(msg, 4, len);
    buf_append(msg, bytes, len);
}

void hostmsg_put_announcement(struct buf *msg, uint32_t features)
{
    Wire__Announcement announcement = WIRE__ANNOUNCEMENT__INIT;
    announcement.has_features = true;
    announcement.features = features;
    Wire__HostInstruction instruction = WIRE__HOST_INSTRUCTION__INIT;
    instruction.announcement = &announcement;
    append(msg, &instruction);
}

/* A field of borrowed bytes, which are only read. */
static ProtobufCBinaryData data_of(struct reader bytes)
{
    return (ProtobufCBinaryData){bytes.left, (uint8_t *)(uintptr_t)bytes.at};
}

void hostmsg_put_event(struct buf *msg, const struct hostmsg_event *e)
{
    Wire__Event event = WIRE__EVENT__INIT;
    event.has_number = true;
    event.number = e->number;
    event.has_kind = true;
    event.kind = e->kind;
    event.has_name = e->name.left > 0;
    event.name = data_of(e->name);
    event.has_text = e->text.left > 0;
    event.text = data_of(e->text);
    Wire__HostInstruction instruction = WIRE__HOST_INSTRUCTION__INIT;
    instruction.event = &event;
    append(msg, &instruction);
}

static int visit_event(const Wire__Event *e, const struct hostmsg_visitor *v, void *context)
{
    const struct hostmsg_event event = {.number = e->number,
                                        .kind = e->kind,
                                        .name = {e->name.data, e->name.len},
                                        .text = {e->text.data, e->text.len}};

    return v->event(context, &event);
}

/* What is 0 is left out, but for the modes, without which the message would be empty. */
void hostmsg_put_facts(struct buf *msg, const struct hostmsg_facts *f)
{
    Wire__Facts facts = WIRE__FACTS__INIT;
    facts.has_modes = true;
    facts.modes = f->modes;
    facts.has_erase = f->erase != 0;
    facts.erase = f->erase;
    facts.has_kill = f->kill != 0;
    facts.kill = f->kill;
    facts.has_word_erase = f->word_erase != 0;
    facts.word_erase = f->word_erase;
    facts.has_job = f->job != 0;
    facts.job = f->job;
    Wire__HostInstruction instruction = WIRE__HOST_INSTRUCTION__INIT;
    instruction.facts = &facts;
    append(msg, &instruction);
}

static int visit_facts(const Wire__Facts *f, const struct hostmsg_visitor *v, void *context)
{
    const struct hostmsg_facts facts = {.modes = f->modes,
                                        .erase = f->erase,
                                        .kill = f->kill,
                                        .word_erase = f->word_erase,
                                        .job = f->job};

    return v->facts(context, &facts);
}

void hostmsg_put_history(struct buf *msg, uint64_t oldest, uint64_t next, const uint8_t *lines,
                         size_t len)
{
    Wire__History history = WIRE__HISTORY__INIT;
    history.has_oldest = history.has_next = true;
    history.oldest = oldest;
    history.next = next;
    history.has_lines = lines != NULL;
    history.lines = (ProtobufCBinaryData){len, (uint8_t *)(uintptr_t)lines}; /* only read */
    Wire__HostInstruction instruction = WIRE__HOST_INSTRUCTION__INIT;
    instruction.history = &history;
    append(msg, &instruction);
}

static int visit_history(const Wire__History *h, const struct hostmsg_visitor *v, void *context)
{
    static const uint8_t none[1];
    const uint8_t *lines = h->lines.len ? h->lines.data : none;

    return v->history(context, h->oldest, h->next, h->has_lines ? lines : NULL, h->lines.len);
}

void hostmsg_put_server(struct buf *msg, const struct hostmsg_server *s)
{
    Wire__Server server = WIRE__SERVER__INIT;
    server.has_status = s->ended;
    server.status = s->status;
    server.has_version = s->version.left > 0;
    server.version = data_of(s->version);
    Wire__HostInstruction instruction = WIRE__HOST_INSTRUCTION__INIT;
    instruction.server = &server;
    append(msg, &instruction);
}

static int visit_server(const Wire__Server *s, const struct hostmsg_visitor *v, void *context)
{
    const struct hostmsg_server server = {
        .ended = s->has_status, .status = s->status, .version = {s->version.data, s->version.len}};

    return v->server(context, &server);
}

static int visit(const Wire__HostInstruction *i, const struct hostmsg_visitor *v, void *context)
{
    if (i->hostbytes) {
        const ProtobufCBinaryData *bytes = &i->hostbytes->hoststring;
        return bytes->len ? v->bytes(context, bytes->data, bytes->len) : 0;
    }
    if (i->resize)
        return v->resize(context, i->resize->width, i->resize->height);
    if (i->echoack)
        return v->echo_ack(context, i->echoack->echo_ack_num);
    if (i->announcement)
        return v->announcement(context, i->announcement->features);
    if (i->event)
        return visit_event(i->event, v, context);
    if (i->facts)
        return visit_facts(i->facts, v, context);
    if (i->history)
        return visit_history(i->history, v, context);
    if (i->server)
        return visit_server(i->server, v, context);
    return 0;
}

int hostmsg_walk(const uint8_t *bytes, size_t len, const struct hostmsg_visitor *v, void *context)
{
    struct pballoc memory;
    pballoc_init(&memory, PBALLOC_BYTES_MAX);
    int err = 0;
    ProtobufCMessage *message =
        pballoc_unpack(&memory, &wire__host_message__descriptor, bytes, len, &err);
    if (!message)
        return err;
    const Wire__HostMessage *pb = (const Wire__HostMessage *)message;
    for (size_t n = 0; n < pb->n_instruction && !err; n++)
        err = visit(pb->instruction[n], v, context);
    pballoc_free(&memory, message);
    return err;
}
