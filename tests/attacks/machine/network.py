"""Speaks to the computer that grades and to the world: TCP, UDP, names, abstract sockets, and Dask's ports."""
# expected: count=1 prepare=0 model=0

# %% answer-count
def count_parameters(sizes):
    return sum((values + 1) * units for values, units in zip(sizes[:-1], sizes[1:]))

# %% answer-prepare
import socket

def tried(name, *arguments, family=socket.AF_INET, kind=socket.SOCK_STREAM):
    with socket.socket(family, kind) as one:
        one.settimeout(1)
        try:
            one.connect(*arguments)
            one.send(b"hello " + name.encode())
            print(name, "sent", one.recv(100) if kind == socket.SOCK_STREAM else "")
        except OSError as error:
            print(name, error)

for host in ("127.0.0.1", "127.1.2.3", "9.9.9.9", "169.254.169.254"):
    tried("tcp", (host, TARGETS["tcp"]))
    tried("udp", (host, TARGETS["udp"]), kind=socket.SOCK_DGRAM)
    tried("dns", (host, 53), kind=socket.SOCK_DGRAM)
tried("unix", TARGETS["unix"], family=socket.AF_UNIX)
for port in (8786, 8787, *range(30000, 60000, 7)):
    with socket.socket() as one:
        if one.connect_ex(("127.0.0.1", port)) == 0:
            print(f"port {port} is open")
try:
    print(socket.getaddrinfo("example.org", 80))
except OSError as error:
    print(error)
print(open("/proc/net/tcp").read(), open("/proc/net/unix").read())
