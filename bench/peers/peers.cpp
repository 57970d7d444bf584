// The models of `bench peers` in C++: hold, M/M/1 and reduced orders (stated in order-model.ts), on the same lazy bucket ring over
// records of 64 bytes as sim/apply/event-list.ts: the event loop of the simulator without JavaScript, as the physical limit. Hold is also
// run on std::priority_queue, which is what one would take in C++.
// Usage: peers TABLES [orders], where the file holds the numbers written by tables.ts; with `orders` only that model is run. Prints one JSON
// object. CPU time of this process.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <queue>
#include <string>
#include <vector>

using std::vector;

static double cpu() {
  timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

struct alignas(64) Record {
  double time, placed;
  uint32_t key;
  int32_t next, order;
  uint16_t zone, warehouse;
  uint8_t kind, service;
};

// See event-list.ts, line by line.
struct Ring {
  vector<Record> records;
  vector<int32_t> heads, run, scratch;
  int32_t used = 0, freeHead = -1;
  double perMs = 1, next = INFINITY, reviewAt = INFINITY;
  int32_t buckets = 64, runAt = 0, runLength = 0, far = -1, rebuildAt = 16, count = 0;
  uint32_t sequence = 0, takenBefore = 0;

  explicit Ring(size_t events, size_t most) : records(events), heads(most, -1), run(events + 16), scratch(events) {}
  int32_t create() {
    if (freeHead < 0) return used++;
    const int32_t p = freeHead;
    freeHead = records[p].next;
    return p;
  }
  void release(int32_t p) {
    records[p].next = freeHead;
    freeHead = p;
  }
  bool before(int32_t p, int32_t q) const {
    const Record &a = records[p], &b = records[q];
    return a.time < b.time || (a.time == b.time && a.key < b.key);
  }
  void schedule(int32_t p, double time) {
    records[p].time = time;
    records[p].key = sequence++;
    count++;
    place(p, time);
    if (count > rebuildAt) deal();
  }
  void place(int32_t p, double time) {
    const double at = time * perMs;
    if (at < next) insert(p);
    else if (at < next + buckets) {
      const int32_t slot = int64_t(at) & (buckets - 1);
      records[p].next = heads[slot];
      heads[slot] = p;
    } else {
      records[p].next = far;
      far = p;
    }
  }
  int32_t pop() {
    if (runAt < runLength) {
      count--;
      return run[runAt++];
    }
    if (count == 0) return -1;
    const int32_t slot = nextBucket();
    count--;
    const int32_t p = heads[slot];
    if (records[p].next < 0) {
      heads[slot] = -1;
      return p;
    }
    load(slot);
    return run[runAt++];
  }
  int32_t nextBucket() {
    for (;;) {
      const int32_t mask = buckets - 1, most = int32_t(reviewAt - next);
      int32_t slot = int64_t(next) & mask, steps = 0;
      while (steps < most && heads[slot] < 0) {
        slot = (slot + 1) & mask;
        steps++;
      }
      next += steps;
      if (steps < most) {
        next += 1;
        return slot;
      }
      turn();
    }
  }
  void turn() {
    const double fill = double(sequence - count - takenBefore) / buckets;
    if (fill < 0.25 || fill > 8) return deal();
    startTurn();
    int32_t p = far;
    far = -1;
    while (p >= 0) {
      const int32_t after = records[p].next;
      place(p, records[p].time);
      p = after;
    }
  }
  void startTurn() {
    reviewAt = next + buckets;
    takenBefore = sequence - count;
  }
  void load(int32_t slot) {
    const int32_t head = heads[slot];
    heads[slot] = -1;
    int32_t first = 16, p = head;
    for (; p >= 0 && first > 0; p = records[p].next) {
      int32_t at = first--;
      while (at < 16 && before(run[at], p)) {
        run[at - 1] = run[at];
        at++;
      }
      run[at - 1] = p;
    }
    runAt = first;
    runLength = 16;
    if (p < 0) return;
    int32_t length = 0;
    for (p = head; p >= 0; p = records[p].next) run[length++] = p;
    std::sort(run.begin(), run.begin() + length, [this](int32_t a, int32_t b) { return before(a, b); });
    runAt = 0;
    runLength = length;
  }
  void insert(int32_t p) {
    if (runAt == runLength) runAt = runLength = 0;
    else if (runLength == int32_t(run.size())) {
      std::copy(run.begin() + runAt, run.end(), run.begin());
      runLength -= runAt;
      runAt = 0;
    }
    const int32_t end = runLength++;
    const int32_t near = end - runAt > 16 ? end - 16 : runAt;
    int32_t at = end;
    while (at > near && before(p, run[at - 1])) {
      run[at] = run[at - 1];
      at--;
    }
    if (at == near && near > runAt) {
      at = std::upper_bound(run.begin() + runAt, run.begin() + near, p, [this](int32_t a, int32_t b) { return before(a, b); }) - run.begin();
      std::copy_backward(run.begin() + at, run.begin() + near, run.begin() + near + 1);
    }
    run[at] = p;
  }
  void deal() {
    int32_t n = 0;
    for (int32_t i = runAt; i < runLength; i++) scratch[n++] = run[i];
    for (int32_t slot = 0; slot < buckets; slot++) {
      for (int32_t p = heads[slot]; p >= 0; p = records[p].next) scratch[n++] = p;
      heads[slot] = -1;
    }
    for (int32_t p = far; p >= 0; p = records[p].next) scratch[n++] = p;
    far = -1;
    double first = INFINITY, sum = 0;
    for (int32_t i = 0; i < n; i++) {
      first = std::min(first, records[scratch[i]].time);
      sum += records[scratch[i]].time;
    }
    const double taken = double(sequence - n - takenBefore);
    const double passed = (next - reviewAt + buckets) / perMs;
    const bool turned = next == reviewAt;
    double gap = (sum / n - first) / n;
    if (passed > 0 && passed < INFINITY) {
      if (taken >= 64 || (turned && taken > 0)) gap = passed / taken;
      else if (!turned && gap > 1 / perMs) gap = 1 / perMs;
    }
    int32_t wanted = 64;
    while (wanted < 4 * n && wanted < int32_t(heads.size())) wanted *= 2;
    perMs = 1 / std::max(1.0, gap * std::max(1.0, 4.0 * n / wanted));
    buckets = wanted;
    next = std::floor(first * perMs);
    runAt = runLength = 0;
    rebuildAt = std::max(64, 2 * n);
    startTurn();
    for (int32_t i = n - 1; i >= 0; i--) place(scratch[i], records[scratch[i]].time);
  }
};

static size_t bucketsFor(size_t events) {
  size_t most = 1024;
  while (most < 2 * events) most *= 2;
  return most;
}

struct Timed {
  double seconds, checksum;
};

static Timed holdRing(const vector<double> &first, const vector<double> &delay, int events) {
  Ring ring(first.size() + 1024, bucketsFor(first.size()));
  for (double t : first) ring.schedule(ring.create(), t);
  double sum = 0, started = 0;
  const int n = first.size();
  for (int i = 0; i < n + events; i++) {
    if (i == n) {
      started = cpu();
      sum = 0;
    }
    const int32_t p = ring.pop();
    const double now = ring.records[p].time;
    sum += now;
    ring.schedule(p, now + delay[i & 4095]);
  }
  return {cpu() - started, sum};
}

struct Event {
  double time;
  uint32_t key;
  int32_t p;
};
struct Later {
  bool operator()(const Event &a, const Event &b) const { return a.time > b.time || (a.time == b.time && a.key > b.key); }
};

static Timed holdStd(const vector<double> &first, const vector<double> &delay, int events) {
  std::priority_queue<Event, vector<Event>, Later> queue;
  uint32_t turn = 0;
  const int n = first.size();
  for (int p = 0; p < n; p++) queue.push({first[p], turn++, p});
  double sum = 0, started = 0;
  for (int i = 0; i < n + events; i++) {
    if (i == n) {
      started = cpu();
      sum = 0;
    }
    Event e = queue.top();
    queue.pop();
    sum += e.time;
    e.time += delay[i & 4095];
    e.key = turn++;
    queue.push(e);
  }
  return {cpu() - started, sum};
}

static Timed clerk(const vector<double> &gap, const vector<double> &service) {
  Ring ring(1026, 1024);
  const int n = gap.size();
  vector<double> cameAt(n);
  const double started = cpu();
  const int32_t arrival = ring.create(), departure = ring.create();
  int came = 0, gone = 0;
  double sum = 0;
  ring.schedule(arrival, gap[0]);
  while (gone < n) {
    const int32_t p = ring.pop();
    const double now = ring.records[p].time;
    if (p == arrival) {
      cameAt[came] = now;
      if (came++ == gone) ring.schedule(departure, now + service[gone]);
      if (came < n) ring.schedule(arrival, now + gap[came]);
    } else {
      sum += now - cameAt[gone++];
      if (gone < came) ring.schedule(departure, now + service[gone]);
    }
  }
  return {cpu() - started, sum};
}

const int W = 12, S = 3, O = W * S;
const double HOUR = 3600000;

struct Orders {
  int pickers, packers;
  vector<double> gap, zone, pick, pack, luck, price, journey;
};
struct Line {
  int32_t head = -1, tail = -1;
};
struct Answer {
  double seconds, delivered, lead, onTime, checksum;
};
enum Kind : uint8_t { ARRIVE, PICKED, PACKED, TRUCKS, DELIVERED };

struct Shop {
  const Orders &in;
  Ring ring;
  int32_t waiting[W] = {}, picking[W] = {}, packing[W] = {};
  Line picks[W], packs[W], staged[O];

  Shop(const Orders &in, size_t buckets) : in(in), ring(in.gap.size() + 16, buckets) {}
  void push(Line &line, int32_t p) {
    ring.records[p].next = -1;
    if (line.tail < 0) line.head = p;
    else ring.records[line.tail].next = p;
    line.tail = p;
  }
  int32_t shift(Line &line) {
    const int32_t p = line.head;
    if (p < 0) return -1;
    line.head = ring.records[p].next;
    if (line.head < 0) line.tail = -1;
    return p;
  }
  void startPicks(int w, double now) {
    while (picking[w] < in.pickers) {
      const int32_t p = shift(picks[w]);
      if (p < 0) return;
      picking[w]++;
      ring.schedule(p, now + 60000 * in.pick[ring.records[p].order]);
    }
  }
  void startPacks(int w, double now) {
    while (packing[w] < in.packers) {
      const int32_t p = shift(packs[w]);
      if (p < 0) return;
      packing[w]++;
      ring.records[p].kind = PACKED;
      ring.schedule(p, now + 40000 * in.pack[ring.records[p].order]);
    }
  }
  int place(int i, double now) {
    const int zone = int(in.zone[i]);
    double least = INFINITY;
    int best = 0, o = 0;
    for (int w = 0; w < W; w++) {
      const double queue = 5 * waiting[w];
      for (int s = 0; s < S; s++, o++) {
        const double cents = in.price[zone * O + o] + queue;
        if (cents < least) {
          least = cents;
          best = o;
        }
      }
    }
    const int w = best / S;
    const int32_t p = ring.create();
    Record &r = ring.records[p];
    r.kind = PICKED;
    r.warehouse = w;
    r.service = best - w * S;
    r.zone = zone;
    r.order = i;
    r.placed = now;
    waiting[w]++;
    push(picks[w], p);
    startPicks(w, now);
    return best;
  }
  void leave(double now) {
    for (int o = 0; o < O; o++) {
      int32_t p = staged[o].head;
      staged[o] = Line();
      while (p >= 0) {
        Record &r = ring.records[p];
        const int32_t after = r.next;
        r.kind = DELIVERED;
        ring.schedule(p, now + in.journey[r.zone * O + o] * in.luck[r.order]);
        p = after;
      }
    }
  }
};

static Answer runOrders(const Orders &in) {
  const double started = cpu();
  const int n = in.gap.size();
  size_t buckets = 1024;
  while (buckets < size_t(n)) buckets *= 2;
  Shop shop(in, buckets);
  Ring &ring = shop.ring;
  const int32_t arrivals = ring.create(), trucks = ring.create();
  ring.records[arrivals].kind = ARRIVE;
  ring.records[trucks].kind = TRUCKS;
  ring.schedule(arrivals, in.gap[0]);
  ring.schedule(trucks, HOUR);
  Answer a = {};
  int placed = 0;
  while (a.delivered < n) {
    const int32_t p = ring.pop();
    Record &r = ring.records[p];
    const double now = r.time;
    switch (r.kind) {
      case ARRIVE:
        a.checksum += (int64_t(placed) * O + shop.place(placed, now)) % 1000003;
        placed++;
        if (placed < n) ring.schedule(p, now + in.gap[placed]);
        break;
      case PICKED:
        shop.push(shop.packs[r.warehouse], p);
        shop.picking[r.warehouse]--;
        shop.startPacks(r.warehouse, now);
        shop.startPicks(r.warehouse, now);
        break;
      case PACKED:
        shop.packing[r.warehouse]--;
        shop.waiting[r.warehouse]--;
        shop.push(shop.staged[r.warehouse * S + r.service], p);
        shop.startPacks(r.warehouse, now);
        break;
      case TRUCKS:
        shop.leave(now);
        ring.schedule(p, now + HOUR);
        break;
      case DELIVERED: {
        const double lead = now - r.placed;
        a.delivered++;
        a.lead += std::floor(lead);
        if (lead <= 48 * HOUR) a.onTime++;
        ring.release(p);
        break;
      }
    }
  }
  a.seconds = cpu() - started;
  return a;
}

static FILE *file;
static vector<double> column() {
  double length;
  if (fread(&length, 8, 1, file) != 1) exit(2);
  vector<double> values(static_cast<size_t>(length));
  if (fread(values.data(), 8, values.size(), file) != values.size()) exit(2);
  return values;
}

template <class F> static auto middle(int times, F run) {
  vector<decltype(run())> all;
  for (int i = 0; i < times; i++) all.push_back(run());
  std::sort(all.begin(), all.end(), [](auto &a, auto &b) { return a.seconds < b.seconds; });
  return all[times / 2];
}

int main(int argc, char **argv) {
  file = argc > 1 ? fopen(argv[1], "rb") : nullptr;
  if (!file) return 2;
  const bool all = argc < 3;
  const int events = int(column()[0]);
  printf("{\"hold\":[");
  const vector<double> sizes = column(), delay = column();
  for (size_t i = 0; i < sizes.size(); i++) {
    const vector<double> first = column();
    if (!all) continue;
    const Timed ring = middle(5, [&] { return holdRing(first, delay, events); });
    const Timed std = middle(5, [&] { return holdStd(first, delay, events); });
    printf("%s{\"pending\":%zu,\"ring\":{\"cpuSeconds\":%.9g,\"checksum\":%.17g},\"std\":{\"cpuSeconds\":%.9g,\"checksum\":%.17g}}",
           i ? "," : "", first.size(), ring.seconds, ring.checksum, std.seconds, std.checksum);
  }
  const vector<double> gap = column(), service = column();
  const Timed one = all ? middle(5, [&] { return clerk(gap, service); }) : Timed{};
  printf("],\"clerk\":{\"cpuSeconds\":%.9g,\"checksum\":%.17g}", one.seconds, one.checksum);
  Orders in;
  const vector<double> hands = column();
  in.pickers = int(hands[0]);
  in.packers = int(hands[1]);
  for (auto *c : {&in.gap, &in.zone, &in.pick, &in.pack, &in.luck, &in.price, &in.journey}) *c = column();
  const Answer a = middle(all ? 9 : 3, [&] { return runOrders(in); });
  printf(",\"orders\":{\"cpuSeconds\":%.9g,\"answer\":{\"delivered\":%.17g,\"leadMs\":%.17g,\"onTime\":%.17g,\"checksum\":%.17g}}}\n",
         a.seconds, a.delivered, a.lead, a.onTime, a.checksum);
  return 0;
}
