/*
 * Prints the messages of a one-to-one ring, one a line, until it is closed: reader FILE
 *
 * C11, POSIX; little-endian machines. Build: cc -std=c11 -O2 -Wall -Wextra -o reader reader.c
 * The bytes are described in docs/formats/shared-ring.md. The atomics say what the format needs:
 * acquire for the word, so that the payload is read after it; release for the own position, so that
 * the sender writes over a message only after it was read. On x86 both are ordinary moves.
 */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { HEADER = 768, OLDEST_POSITION = 256, SENDER = 384, RECEIVER = 512, PID = 0, START = 8, HEARTBEAT = 16 };
enum { OPEN, MESSAGE, PADDING, END };
enum { LENGTH = 8, PAYLOAD = 16 };

static unsigned char *ring;
static int64_t capacity;

static _Atomic int64_t *at(int64_t offset) { return (_Atomic int64_t *)(ring + offset); }

static void die(const char *what, const char *file) {
  fprintf(stderr, "%s: %s\n", file, what);
  exit(1);
}

static int64_t now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void map(const char *file) {
  int fd = open(file, O_RDWR);
  struct stat stat;
  if (fd < 0 || fstat(fd, &stat) != 0) die(strerror(errno), file);
  if (stat.st_size < HEADER) die("is cut off", file);
  ring = mmap(NULL, (size_t)stat.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  close(fd);
  if (ring == MAP_FAILED) die(strerror(errno), file);
  int32_t version, kind;
  memcpy(&version, ring + 8, 4);
  memcpy(&kind, ring + 12, 4);
  memcpy(&capacity, ring + 16, 8);
  if (memcmp(ring, "PPSHRING", 8) != 0 || version != 1 || kind != 1 || stat.st_size != HEADER + capacity)
    die("is no one-to-one ring of version 1", file);
}

/* The kernel releases the lock when this process dies, whatever its end. */
static void claim(const char *file) {
  char name[4096];
  snprintf(name, sizeof name, "%s.receiver", file);
  int fd = open(name, O_WRONLY | O_CREAT, 0600);
  struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
  if (fd < 0 || fcntl(fd, F_SETLK, &lock) != 0) die("has a receiver already", file);
  atomic_store_explicit(at(RECEIVER + START), 0, memory_order_relaxed); /* not told: so we must beat */
  atomic_store_explicit(at(RECEIVER + HEARTBEAT), now_ms(), memory_order_relaxed);
  atomic_store_explicit(at(RECEIVER + PID), getpid(), memory_order_release);
}

int main(int argc, char **argv) {
  if (argc != 2) die("usage: reader FILE", "reader");
  map(argv[1]);
  claim(argv[1]);
  int64_t position = atomic_load_explicit(at(OLDEST_POSITION), memory_order_acquire);
  long pause = 1000;
  int dead = 0;
  for (;;) {
    int64_t offset = HEADER + position % capacity;
    int64_t word = atomic_load_explicit(at(offset), memory_order_acquire);
    int state = (int)(word & 3);
    if (state == END) break;
    if (state == OPEN) {
      if (dead) die("the sender has died", argv[1]);
      int64_t pid = atomic_load_explicit(at(SENDER + PID), memory_order_acquire);
      dead = pid != 0 && kill((pid_t)pid, 0) != 0 && errno == ESRCH; /* one more look at the word */
      atomic_store_explicit(at(RECEIVER + HEARTBEAT), now_ms(), memory_order_relaxed);
      nanosleep(&(struct timespec){.tv_nsec = dead ? 0 : pause}, NULL);
      pause = pause < 500000 ? 2 * pause : 1000000;
      continue;
    }
    pause = 1000;
    dead = 0;
    if (state == PADDING) {
      position += capacity - position % capacity;
    } else {
      int32_t length;
      memcpy(&length, ring + offset + LENGTH, 4);
      if (length < 0 || offset + PAYLOAD + length > HEADER + capacity) die("is broken", argv[1]);
      fwrite(ring + offset + PAYLOAD, 1, (size_t)length, stdout);
      fputc('\n', stdout);
      fflush(stdout);
      position += (PAYLOAD + length + 7) & -8;
    }
    atomic_store_explicit(at(OLDEST_POSITION), position, memory_order_release);
  }
  atomic_store_explicit(at(RECEIVER + PID), 0, memory_order_release);
  return 0;
}
