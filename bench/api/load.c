/*
 * Load for the decision API, in a process of its own and at little cost: one thread, epoll, connections that stay open.
 *
 *   load PORT MODE CONNECTIONS RATE SECONDS WARM_UP_SECONDS BATCH FIRST TOTAL < templates
 *
 * MODE: single (POST /v1/decisions), batch (:batch of BATCH orders), stream (:stream, one order a line). RATE: orders a second, each due at an
 * instant of its own and measured from that instant, whether the server keeps up or not (no coordinated omission); 0: closed loop, each
 * connection asks again as soon as it is answered. TOTAL: orders in all, then it ends; 0: until the time is over.
 * Templates are requests, one a line; ########## in them becomes the number of the order, from FIRST on.
 * Prints one line of JSON; latencies in ms, without the warm-up.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MARK "##########"
#define DIGITS 10

typedef struct { char *data; size_t used, sent, room; } Out;
typedef struct {
  int fd, busy, dead;
  Out out;
  char *in;
  size_t used, room;
  double *due;       /* of what was asked and is not answered, a ring */
  long head, tail;   /* stream: lines sent and answered */
  long chunk;        /* stream: bytes of the chunk that are to come; -1: its size is */
  char *line;        /* stream: the line that is coming */
  size_t lineUsed, lineRoom;
  int inBody;
} Conn;

static char **templates;
static size_t *lengths;
static int templateCount;
static int mode, connections, batch;
static double rate, seconds, warmUp;
static long next, total, answered, refused, broken, asked;
static double began;
static float *latencies;
static long latencyCount, latencyRoom;
static Conn *conns;
static int poller;
enum { SINGLE, BATCH, STREAM };
#define DUE_RING 65536

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}
static void fail(const char *what) { perror(what); exit(1); }

static void put(Out *o, const char *data, size_t n) {
  if (o->used + n > o->room) {
    o->room = (o->used + n) * 2;
    o->data = realloc(o->data, o->room);
  }
  memcpy(o->data + o->used, data, n);
  o->used += n;
}

static void putOrder(Out *o, long number) {
  const char *t = templates[number % templateCount];
  size_t n = lengths[number % templateCount], at = o->used;
  char digits[DIGITS + 1];
  snprintf(digits, sizeof digits, "%010ld", number);
  put(o, t, n);
  for (char *p = o->data + at, *end = o->data + o->used; (p = memmem(p, end - p, MARK, DIGITS)); p += DIGITS) memcpy(p, digits, DIGITS);
}

static void flushOut(Conn *c) {
  while (c->out.sent < c->out.used) {
    ssize_t n = send(c->fd, c->out.data + c->out.sent, c->out.used - c->out.sent, MSG_NOSIGNAL);
    if (n < 0) {
      if (errno == EAGAIN) return;
      c->dead = 1;
      broken++;
      return;
    }
    c->out.sent += n;
  }
  c->out.sent = c->out.used = 0;
}

static void keep(double due, double at) {
  if (due - began < warmUp) return;
  if (latencyCount == latencyRoom) latencies = realloc(latencies, (latencyRoom = latencyRoom ? latencyRoom * 2 : 1 << 20) * sizeof *latencies);
  latencies[latencyCount++] = (float)((at - due) * 1000);
}

static void ask(Conn *c, double due) {
  static Out body;
  char head[256];
  body.used = 0;
  if (mode == STREAM) {
    Out *o = &c->out;
    putOrder(&body, next++);
    put(&body, "\n", 1);
    int n = snprintf(head, sizeof head, "%zx\r\n", body.used);
    put(o, head, n);
    put(o, body.data, body.used);
    put(o, "\r\n", 2);
    c->due[c->head++ % DUE_RING] = due;
    asked++;
    return;
  }
  if (mode == BATCH) {
    put(&body, "[", 1);
    for (int i = 0; i < batch; i++) {
      if (i) put(&body, ",", 1);
      putOrder(&body, next++);
    }
    put(&body, "]", 1);
  } else putOrder(&body, next++);
  int n = snprintf(head, sizeof head,
                   "POST /v1/decisions%s HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: %zu\r\n\r\n",
                   mode == BATCH ? ":batch" : "", body.used);
  put(&c->out, head, n);
  put(&c->out, body.data, body.used);
  c->due[0] = due;
  c->busy = 1;
  asked += mode == BATCH ? batch : 1;
  flushOut(c);
}

static void lineDone(Conn *c, double at) {
  long number = 0;
  int status = 0;
  c->line[c->lineUsed] = 0;
  if (c->lineUsed < 10 || sscanf(c->line, "{\"line\":%ld,\"status\":%d", &number, &status) != 2) return;
  if (status == 200) {
    answered++;
    keep(c->due[(number - 1) % DUE_RING], at);
  } else refused++;
  c->tail++;
}

/* Takes the answers of a stream apart: chunks, and lines in them. */
static void readStream(Conn *c, double at) {
  size_t i = 0;
  if (!c->inBody) {
    char *end = memmem(c->in, c->used, "\r\n\r\n", 4);
    if (!end) return;
    i = end + 4 - c->in;
    c->inBody = 1;
    c->chunk = -1;
  }
  while (i < c->used) {
    if (c->chunk < 0) {
      char *end = memmem(c->in + i, c->used - i, "\r\n", 2);
      if (!end) break;
      if (end == c->in + i) { i += 2; continue; }
      c->chunk = strtol(c->in + i, NULL, 16);
      i = end + 2 - c->in;
      continue;
    }
    size_t n = c->used - i;
    if (n > (size_t)c->chunk) n = c->chunk;
    size_t from = i, end = i + n;
    while (from < end) {
      char *nl = memchr(c->in + from, '\n', end - from);
      size_t upTo = nl ? (size_t)(nl - c->in) : end;
      /* The number and the status are all that is needed of a line. */
      size_t take = upTo - from;
      if (c->lineUsed + take > 60) take = c->lineUsed < 60 ? 60 - c->lineUsed : 0;
      memcpy(c->line + c->lineUsed, c->in + from, take);
      c->lineUsed += take;
      if (nl) {
        lineDone(c, at);
        c->lineUsed = 0;
      }
      from = upTo + 1;
    }
    i += n;
    c->chunk -= n;
    if (c->chunk == 0) c->chunk = -1;
  }
  memmove(c->in, c->in + i, c->used - i);
  c->used -= i;
}

/* One answer of known length at a time. */
static void readOne(Conn *c, double at) {
  char *end = memmem(c->in, c->used, "\r\n\r\n", 4);
  if (!end) return;
  *end = 0;
  char *length = strcasestr(c->in, "content-length:");
  *end = '\r';
  if (!length) { c->dead = 1; broken++; return; }
  size_t whole = end + 4 - c->in + atol(length + 15);
  if (c->used < whole) return;
  int status = atoi(c->in + 9);
  if (mode == BATCH && status == 200) {
    long good = 0;
    for (char *p = c->in; (p = memmem(p, c->in + whole - p, "{\"status\":200,\"body\"", 20)); p += 20) good++;
    answered += good;
    refused += batch - good;
  } else if (status == 200) answered++;
  else refused += mode == BATCH ? batch : 1;
  if (status == 200) keep(c->due[0], at);
  c->used = 0;
  c->busy = 0;
}

static void hear(Conn *c) {
  for (;;) {
    if (c->room - c->used < 65536) c->in = realloc(c->in, (c->room = c->room * 2 + 131072) + 1);
    ssize_t n = recv(c->fd, c->in + c->used, c->room - c->used, 0);
    if (n < 0 && errno == EAGAIN) return;
    if (n <= 0) {
      if (!c->dead) broken++;
      c->dead = 1;
      return;
    }
    int isAll = c->used + n < c->room;
    c->used += n;
    double at = now();
    if (mode == STREAM) readStream(c, at);
    else readOne(c, at);
    if (isAll) return;
  }
}

static int byValue(const void *a, const void *b) {
  float x = *(const float *)a, y = *(const float *)b;
  return x < y ? -1 : x > y;
}
static double part(double share) {
  return latencyCount == 0 ? -1 : latencies[(long)(latencyCount * share) < latencyCount ? (long)(latencyCount * share) : latencyCount - 1];
}

int main(int argc, char **argv) {
  if (argc != 10) return 2;
  int port = atoi(argv[1]);
  mode = !strcmp(argv[2], "single") ? SINGLE : !strcmp(argv[2], "batch") ? BATCH : STREAM;
  connections = atoi(argv[3]);
  rate = atof(argv[4]);
  seconds = atof(argv[5]);
  warmUp = atof(argv[6]);
  batch = mode == BATCH ? atoi(argv[7]) : 1;
  next = atol(argv[8]);
  total = atol(argv[9]);

  char *line = NULL;
  size_t room = 0;
  ssize_t n;
  while ((n = getline(&line, &room, stdin)) > 0) {
    if (line[n - 1] == '\n') line[--n] = 0;
    templates = realloc(templates, (templateCount + 1) * sizeof *templates);
    lengths = realloc(lengths, (templateCount + 1) * sizeof *lengths);
    templates[templateCount] = strdup(line);
    lengths[templateCount++] = n;
  }
  if (templateCount == 0) return 2;

  poller = epoll_create1(0);
  conns = calloc(connections, sizeof *conns);
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  for (int i = 0; i < connections; i++) {
    Conn *c = &conns[i];
    int one = 1;
    c->fd = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(c->fd, (struct sockaddr *)&to, sizeof to)) fail("connect");
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    fcntl(c->fd, F_SETFL, O_NONBLOCK);
    c->due = calloc(mode == STREAM ? DUE_RING : 1, sizeof *c->due);
    c->line = malloc(64);
    c->chunk = -1;
    struct epoll_event e = {.events = EPOLLIN, .data.ptr = c};
    epoll_ctl(poller, EPOLL_CTL_ADD, c->fd, &e);
    if (mode == STREAM) {
      const char *head = "POST /v1/decisions:stream HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/x-ndjson\r\ntransfer-encoding: chunked\r\n\r\n";
      put(&c->out, head, strlen(head));
      flushOut(c);
    }
  }

  began = now();
  double stop = began + warmUp + seconds, last = began;
  long measuredFrom = -1;
  double measuredAt = began;
  long scheduled = 0;
  int turn = 0;
  struct epoll_event events[256];
  for (;;) {
    double at = now();
    int over = at >= stop || (total > 0 && asked >= total);
    if (measuredFrom < 0 && at >= began + warmUp) {
      measuredFrom = answered;
      measuredAt = at;
    }
    int open = 0;
    for (int i = 0; i < connections; i++) open += mode == STREAM ? (int)(conns[i].head - conns[i].tail) : conns[i].busy && !conns[i].dead;
    if (over && (open == 0 || at > stop + 30)) break;
    double wait = 0.001;
    if (!over && rate > 0) {
      for (;;) {
        double due = began + scheduled * batch / rate;
        if (due > at) {
          wait = due - at;
          break;
        }
        Conn *c = NULL;
        for (int i = 0; i < connections && !c; i++) {
          Conn *one = &conns[turn = (turn + 1) % connections];
          if (!one->dead && (mode == STREAM ? one->head - one->tail < DUE_RING : !one->busy)) c = one;
        }
        if (!c) break;
        ask(c, due);
        scheduled++;
      }
    } else if (!over)
      for (int i = 0; i < connections; i++) {
        Conn *c = &conns[i];
        if (c->dead) continue;
        if (mode != STREAM && !c->busy) ask(c, at);
        else if (mode == STREAM)
          while (c->head - c->tail < batch * 512 && (total == 0 || asked < total)) ask(c, at);
      }
    for (int i = 0; i < connections; i++)
      if (conns[i].out.used && !conns[i].dead) flushOut(&conns[i]);
    struct timespec t = {0, (long)(wait * 1e9)};
    int found = epoll_pwait2(poller, events, 256, &t, NULL);
    for (int i = 0; i < found; i++) {
      Conn *c = events[i].data.ptr;
      hear(c);
      if (c->dead) epoll_ctl(poller, EPOLL_CTL_DEL, c->fd, NULL);
      else if (rate == 0 && mode != STREAM && !c->busy && now() < stop && (total == 0 || asked < total)) ask(c, now());
    }
    if (found > 0) last = now();
  }
  /* Answers after the end of the time belong to what was asked before it. */
  double took = (total > 0 ? last : stop) - measuredAt;
  qsort(latencies, latencyCount, sizeof *latencies, byValue);
  printf("{\"asked\":%ld,\"answered\":%ld,\"refused\":%ld,\"broken\":%ld,\"seconds\":%.4f,\"perSecond\":%.1f,\"p50\":%.3f,\"p90\":%.3f,\"p99\":%.3f,\"p999\":%.3f,\"worst\":%.3f}\n",
         asked, answered, refused, broken, took, (answered - (measuredFrom < 0 ? 0 : measuredFrom)) / took, part(0.5), part(0.9), part(0.99), part(0.999), part(1));
  return 0;
}
