/* Takes a mounted ext4 file system down without writing its journal back: what was not flushed is gone, as if the power had been cut. */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/ioctl.h>

#define EXT4_IOC_SHUTDOWN _IOR('X', 125, uint32_t)
#define NOLOGFLUSH 2

int main(int argc, char **argv) {
  uint32_t how = NOLOGFLUSH;
  int disk = argc == 2 ? open(argv[1], O_RDONLY) : -1;
  if (disk < 0 || ioctl(disk, EXT4_IOC_SHUTDOWN, &how) != 0) {
    perror("shut-down");
    return 1;
  }
  return 0;
}
