"""What a Linux machine does with its own TCP/IP stack: the other side of linux-stack.test.ts."""
import errno
import hashlib
import os
import socket
import struct
import sys
import threading
import time

TIMEOUT_SECONDS = 25


def family_of(address):
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def octets(length):
    block = b"".join(hashlib.sha256(struct.pack(">I", i)).digest() for i in range(256))
    return (block * (length // len(block) + 1))[:length]


def checksum(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def ping(address, *sizes):
    """An echo request of each size; the reply must carry the same octets."""
    six = ":" in address
    protocol = socket.IPPROTO_ICMPV6 if six else socket.IPPROTO_ICMP
    request, reply, skip = (128, 129, 0) if six else (8, 0, 20)
    raw = socket.socket(family_of(address), socket.SOCK_RAW, protocol)
    raw.settimeout(TIMEOUT_SECONDS)
    for sequence, size in enumerate(map(int, sizes)):
        data = octets(size)
        head = struct.pack(">BBHHH", request, 0, 0, os.getpid() & 0xFFFF, sequence)
        total = 0 if six else checksum(head + data)
        message = struct.pack(">BBH", request, 0, total) + head[4:] + data
        raw.sendto(message, (address, 0))
        while True:
            answer = raw.recv(70000)[skip:]
            if answer[0] == reply and answer[4:8] == head[4:8]:
                break
        assert answer[8:] == data, f"size {size} came back different"
        print(size, flush=True)


def connect(address, port):
    tcp = socket.socket(family_of(address), socket.SOCK_STREAM)
    tcp.settimeout(TIMEOUT_SECONDS)
    tcp.connect((address, int(port)))
    return tcp


def read_all(tcp):
    parts = []
    while part := tcp.recv(65536):
        parts.append(part)
    return b"".join(parts)


def echo(address, port, length):
    """Sends, half-closes, and must read the same until the end."""
    data = octets(int(length))
    tcp = connect(address, port)

    def send():
        tcp.sendall(data)
        tcp.shutdown(socket.SHUT_WR)

    sender = threading.Thread(target=send)
    sender.start()
    received = read_all(tcp)
    sender.join()
    assert received == data, f"{len(received)} octets came back"
    print(len(received))


def refused(address, port):
    """How closed ports answer: the error of TCP and of UDP."""
    try:
        connect(address, port)
        print("tcp open")
    except OSError as error:
        print("tcp", errno.errorcode[error.errno])
    udp = socket.socket(family_of(address), socket.SOCK_DGRAM)
    udp.settimeout(TIMEOUT_SECONDS)
    udp.connect((address, int(port)))
    udp.send(b"hello")
    try:
        udp.recv(100)
        print("udp open")
    except OSError as error:
        print("udp", errno.errorcode[error.errno])


def datagrams(address, port, *sizes):
    udp = socket.socket(family_of(address), socket.SOCK_DGRAM)
    udp.settimeout(TIMEOUT_SECONDS)
    udp.connect((address, int(port)))
    for size in map(int, sizes):
        data = octets(size)
        udp.send(data)
        assert udp.recv(70000) == data
        print(size)


def listen(address, port, receive_buffer=None):
    server = socket.socket(family_of(address), socket.SOCK_STREAM)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if receive_buffer is not None:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    server.bind((address, int(port)))
    server.listen()
    server.settimeout(TIMEOUT_SECONDS)
    print("ready", flush=True)
    tcp, _ = server.accept()
    tcp.settimeout(TIMEOUT_SECONDS)
    return tcp


def serve(address, port):
    """Echoes one connection as it reads, and closes after it."""
    tcp = listen(address, port)
    while part := tcp.recv(65536):
        tcp.sendall(part)
    tcp.close()


def slow(address, port, seconds):
    """Does not read for a while, with little room; then prints the digest of everything."""
    tcp = listen(address, port, receive_buffer=8192)
    time.sleep(float(seconds))
    print(hashlib.sha256(read_all(tcp)).hexdigest())


def reset(address, port):
    """Connects, then resets (SO_LINGER of no time)."""
    tcp = connect(address, port)
    tcp.send(b"x")
    tcp.recv(1)
    tcp.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    tcp.close()


def udp_serve(address, port):
    """Echoes one datagram."""
    udp = socket.socket(family_of(address), socket.SOCK_DGRAM)
    udp.settimeout(TIMEOUT_SECONDS)
    udp.bind((address, int(port)))
    print("ready", flush=True)
    data, sender = udp.recvfrom(70000)
    udp.sendto(data, sender)


if __name__ == "__main__":
    commands = [ping, echo, refused, datagrams, serve, slow, reset, udp_serve]
    {command.__name__: command for command in commands}[sys.argv[1]](*sys.argv[2:])
